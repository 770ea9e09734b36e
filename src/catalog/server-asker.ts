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

/** The result of asking a model's own server. */
export type Asked =
  /** The server was asked, or does not need to be asked. */
  | 'known'
  /** Asking was not safe this time. */
  | 'unsafe'
  /** Asking may be safe once the client's answer has ended. */
  | 'wait'
  /** As `wait`, and the same holds for all other answers of this provider. */
  | 'wait-always'
  /** Asking will not succeed until something changes. */
  | 'in-vain';

/**
 * Asks the server of a model that answers a client for its context window and modalities. The provider treats this as a
 * request for the model. So nothing is sent if it could load or evict a model, or if another model would answer it.
 */
export type ServerAsker = (answer: ClientAnswer) => Promise<Asked>;

type Running = ReadonlyMap<string, RunningModel>;

/** Within this time after a request's start, in milliseconds, no other model can have been loaded. */
const RIGHT_BEHIND_MS = 1000;

const FOR_PROFILES = { path: '/api/profiles', body: PROFILES };

/** The timeout for a server that is ready, in milliseconds. A slower answer may be waiting for its model to load. */
const PATIENCE_MS = 1000;

/** Creates the asker. */
export function createServerAsker(options: {
  requestUpstream: RequestUpstream;
  clock: Clock;
  loads: LoadMemory;
  snapshots: SnapshotSource;
}): ServerAsker {
  const { requestUpstream, clock, loads, snapshots } = options;

  /** Asks the server of a ready model, until Paddock sends something that may unload the model. */
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
    // The model's concurrency limit is reached, so the request did not reach its server.
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
    // Releases without profiles may queue this request behind others until the client's answer has ended.
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

/** Returns the models that run now, or null if the provider does not report them. */
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

/** Whether a request for a ready model evicts no others, because they were loaded before the client's request. */
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

/** Returns the active profile's pins; `none` for releases without profiles, before v241. */
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

/** Whether the active profile lets another model answer for a name. A pin of the name's first path segments counts too. */
function isPinned(name: string, pins: ReadonlyMap<string, string>): boolean {
  return [...pins.keys()].some((pin) => name === pin || name.startsWith(`${pin}/`));
}

/** Whether `/upstream/` leads from the model's name to one fixed server. With a selector, the server varies. */
function hasServer({ kind }: ListedModel): boolean {
  return kind === 'model' || kind === 'alias';
}

/** Returns the name at `/running` of the model that serves a name. A guess from the list could load another model. */
function toRunningName(listed: ListedModel | null, model: string): string {
  const isAlias = listed?.kind === 'alias' || (listed !== null && listed.model !== model);
  return isAlias ? listed.runsAs : model;
}

/**
 * Builds the path from the name that the client used, so that the provider resolves both to the same model. Every release
 * with profiles has `/props`.
 */
function toPath(model: string, hasProfiles: boolean): string | null {
  if (fitsPath(model)) return `/upstream/${toModelSegment(model)}/props`;
  return hasProfiles ? `/props?model=${encodeURIComponent(model)}` : null;
}
