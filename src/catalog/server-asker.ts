import type { Provider } from '../registry/provider.ts';
import type { Clock } from '../clock.ts';
import { PROFILES, PROPS, RUNNING } from '../upstream/bodies.ts';
import { fitsPath, toModelSegment } from '../upstream/model-segment.ts';
import type { Outcome } from '../upstream/outcome.ts';
import type { RequestUpstream } from '../upstream/request-upstream.ts';
import { askWhile } from './ask-while.ts';
import { findInList } from './find-listed.ts';
import type { LoadMemory, ProviderLoads } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import { toRunningModels, type RunningModel } from './read-running.ts';
import type { SnapshotSource } from './snapshot-source.ts';
import { toServerProps } from './server-props.ts';
import type { ClientAnswer } from './window-learner.ts';

/** How it went. */
export type Asked =
  /** The model's own server was asked, or does not have to be. */
  | 'known'
  /** It was not safe this time. */
  | 'unsafe'
  /** It may be once the client's answer has ended. */
  | 'wait'
  /** The same, and so it will be with other answers of this provider. */
  | 'wait-always'
  /** It will not be before something changes. */
  | 'in-vain';

/**
 * Asks the server of a model that answers a client for its context window and modalities. That is a request for the model: where it could
 * load or evict anything, or another model would answer it, nothing is sent.
 */
export type ServerAsker = (answer: ClientAnswer) => Promise<Asked>;

type Running = ReadonlyMap<string, RunningModel>;

/** An answer that began so soon after its request, in milliseconds, leaves no time for another model to be loaded. */
const RIGHT_BEHIND_MS = 1000;

const FOR_PROFILES = { path: '/api/profiles', body: PROFILES };

/** A server that is ready answers within this, in milliseconds: what takes longer may be waiting for its model to load. */
const PATIENCE_MS = 1000;

/** Makes it. */
export function createServerAsker(options: {
  requestUpstream: RequestUpstream;
  clock: Clock;
  loads: LoadMemory;
  snapshots: SnapshotSource;
}): ServerAsker {
  const { requestUpstream, clock, loads, snapshots } = options;

  /** Asks the server of a model that is ready, for as long as nothing is sent that may unload the model. */
  async function askModel(answer: ClientAnswer, at: { path: string; runsAs: string }) {
    const { provider, model, number } = answer;
    const own = loads(provider.name);
    const { path, runsAs } = at;
    const isWanted = () => !own.traffic.hasOthersSince(model, number);
    const patienceMs = Math.min(PATIENCE_MS, provider.timeoutMs);
    const props = await askWhile(
      (signal) => requestUpstream(provider, { path, signal, body: PROPS }),
      { clock, isWanted, patienceMs },
    );
    if (props === null) return 'unsafe';
    // As many requests as the model takes at a time are under way: it was not reached.
    if (props.kind === 'status' && props.status === 429) return 'wait-always';
    own.keep(runsAs, props.kind === 'ok' ? toServerProps(props.value) : null);
    return 'known';
  }

  return async (answer) => {
    const { provider, model, number } = answer;
    const own = loads(provider.name);
    const { status, models } = await snapshots.resultOf(provider);
    const listed = findInList(models, model);
    if (status !== 'online' || (listed !== null && !hasServer(listed))) return 'in-vain';
    if (listed !== null && listed.declaredContext !== null) {
      own.keep(toRunningName(listed, model), null);
      return 'known';
    }

    const pins = toPins(await requestUpstream(provider, FOR_PROFILES));
    if (pins === 'unclear' || (pins !== 'none' && isPinned(model, pins))) return 'in-vain';
    // Releases that know no profiles may hold this request back until the client's answer has ended, behind others.
    if (pins === 'none' && !answer.hasEnded()) return 'wait-always';

    const running = await look(provider, { requestUpstream, own });
    if (own.traffic.hasOthersSince(model, number)) return 'unsafe';
    if (running === null) return 'in-vain';
    const runsAs = running.has(model) ? model : toRunningName(listed, model);
    const state = running.get(runsAs)?.state;
    if (state === 'starting') return 'wait';
    if (state !== 'ready') return 'in-vain';
    if (!areReady(own.traffic.awaited(model), { models, running })) return 'unsafe';
    if (!leavesOthers({ answer, running, runsAs }, { own, now: clock.monotonic() }))
      return 'unsafe';

    const path = toPath(model, pins !== 'none');
    if (path === null) return 'in-vain';
    const asked = await askModel(answer, { path, runsAs });
    if (asked === 'known') await snapshots.learn(provider.name, own.read(running));
    return asked;
  };
}

/** What runs now, or null where the provider does not say. */
async function look(
  provider: Provider,
  { requestUpstream, own }: { requestUpstream: RequestUpstream; own: ProviderLoads },
): Promise<Running | null> {
  const number = own.begin();
  const outcome = await requestUpstream(provider, { path: '/running', body: RUNNING });
  if (outcome.kind !== 'ok') return null;
  const running = toRunningModels(outcome.value.running);
  own.see(number, running);
  return running;
}

function areReady(
  names: readonly (string | null)[],
  { models, running }: { models: readonly ListedModel[]; running: Running },
): boolean {
  const findState = (name: string) => running.get(findInList(models, name)?.runsAs ?? name)?.state;
  return names.every((name) => name !== null && findState(name) === 'ready');
}

/** Whether a request for a model that is ready leaves all others alone: they were there when the client asked for it. */
function leavesOthers(
  { answer, running, runsAs }: { answer: ClientAnswer; running: Running; runsAs: string },
  { own, now }: { own: ProviderLoads; now: number },
): boolean {
  const others = [...running].filter(([name]) => name !== runsAs);
  if (others.some(([, { state }]) => state !== 'ready')) return false;
  if (now - answer.beganAt < RIGHT_BEHIND_MS) return true;
  const names = others.map(([name]) => name);
  return own.wereLoadedBefore(names, answer.beganAt);
}

/** What the active profile makes of names; `none` where the release knows no profiles, before v241. */
function toPins(
  outcome: Outcome<ReadonlyMap<string, string>>,
): ReadonlyMap<string, string> | 'none' | 'unclear' {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value;
    case 'status':
      return outcome.status < 500 && outcome.status !== 401 && outcome.status !== 403
        ? 'none'
        : 'unclear';
    case 'unexpected':
      return outcome.isTooLarge ? 'unclear' : 'none';
    default:
      return 'unclear';
  }
}

/** Whether the active profile lets another model answer for a name, also where that stands in a path. */
function isPinned(name: string, pins: ReadonlyMap<string, string>): boolean {
  return [...pins.keys()].some((pin) => name === pin || name.startsWith(`${pin}/`));
}

/** Whether `/upstream/` leads to one server by a model's name, whichever target a selector picks. */
function hasServer({ kind }: ListedModel): boolean {
  return kind === 'model' || kind === 'alias';
}

/** The name at `/running` of what serves another name. A guess of the list is not enough: asking would load the model. */
function toRunningName(listed: ListedModel | null, model: string): string {
  const isAlias = listed?.kind === 'alias' || (listed !== null && listed.model !== model);
  return isAlias ? listed.runsAs : model;
}

/** By the name that the client used, so that the provider makes the same of it. Every release with profiles has `/props`. */
function toPath(model: string, hasProfiles: boolean): string | null {
  if (fitsPath(model)) return `/upstream/${toModelSegment(model)}/props`;
  return hasProfiles ? `/props?model=${encodeURIComponent(model)}` : null;
}
