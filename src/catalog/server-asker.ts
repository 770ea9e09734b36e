import type { Clock } from '../clock.ts';
import type { Ask, OwnRequest } from '../registry/own-request.ts';
import type { Pins, RunningReader } from '../registry/provider-kind.ts';
import type { RunningModels, ServerProps } from '../registry/provider-models.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import { askWhile } from './ask-while.ts';
import { findInList } from './find-listed.ts';
import type { LoadMemory, ProviderLoads } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import type { SnapshotSource } from './snapshot-source.ts';
import type { ClientAnswer } from './window-learner.ts';

/** The result of asking a model's own server. */
export type AskResult =
  /** The server was asked, or does not need to be asked. */
  | 'known'
  /** Asking was not safe this time. */
  | 'unsafe'
  /** Asking may be safe once the client's answer has ended. */
  | 'wait'
  /** As `wait`, and the same holds for all other answers of this provider. */
  | 'wait-always'
  /** Asking will not succeed until something changes. */
  | 'blocked';

/**
 * Asks the server of a model that answers a client for its context window and modalities. The provider treats this as a
 * request for the model. So nothing is sent if it could load or evict a model, or if another model would answer it.
 */
export type ServerAsker = (answer: ClientAnswer) => Promise<AskResult>;

/** Within this time after a request's start, in milliseconds, no other model can have been loaded. */
const JUST_BEGUN_MS = 1000;

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
  async function askModel(
    answer: ClientAnswer,
    { request, runsAs }: { request: OwnRequest<ServerProps>; runsAs: string },
  ) {
    const { provider, model, number } = answer;
    const own = loads(provider.name);
    const isWanted = () => !own.traffic.hasOthersSince(model, number);
    const patienceMs = Math.min(PATIENCE_MS, provider.timeoutMs);
    const props = await askWhile((signal) => requestUpstream(provider, { ...request, signal }), {
      clock,
      isWanted,
      patienceMs,
    });
    if (props === null) return 'unsafe';
    // The model's concurrency limit is reached, so the request did not reach its server.
    if (props.kind === 'status' && props.status === 429) return 'wait-always';
    own.keep(runsAs, props.kind === 'ok' ? props.value : null);
    return 'known';
  }

  return async (answer) => {
    const { provider, model, number } = answer;
    const { servers, running: reader } = provider.kind;
    if (servers === null || reader === null) return 'blocked';
    const ask = askProvider(provider, { requestUpstream });
    const own = loads(provider.name);
    const { status, models } = await snapshots.resultOf(provider);
    const listed = findInList(models, model);
    if (status !== 'online' || (listed !== null && !hasServer(listed))) return 'blocked';
    if (listed !== null && listed.declaredContext !== null) {
      own.keep(toRunningName(listed, model), null);
      return 'known';
    }

    const pins = await servers.readPins(ask);
    if (pins === 'unclear' || (pins !== 'none' && isPinned(model, pins))) return 'blocked';
    // Releases without profiles may queue this request behind others until the client's answer has ended.
    if (pins === 'none' && !answer.hasEnded()) return 'wait-always';

    const running = await fetchRunning(reader, { ask, own });
    if (own.traffic.hasOthersSince(model, number)) return 'unsafe';
    if (running === null) return 'blocked';
    const runsAs = running.has(model) ? model : toRunningName(listed, model);
    const state = running.get(runsAs)?.state;
    if (state === 'starting') return 'wait';
    if (state !== 'ready') return 'blocked';
    if (!areReady(own.traffic.awaited(model), { models, running })) return 'unsafe';
    if (!evictsNone({ answer, running, runsAs }, { own, now: clock.monotonic() })) return 'unsafe';

    const request = servers.toPropsRequest(model, { hasProfiles: pins !== 'none' });
    if (request === null) return 'blocked';
    const asked = await askModel(answer, { request, runsAs });
    if (asked === 'known') await snapshots.learn(provider.name, own.read(running));
    return asked;
  };
}

/** Returns the models that run now, or null if the provider does not report them. */
async function fetchRunning(
  reader: RunningReader,
  { ask, own }: { ask: Ask; own: ProviderLoads },
): Promise<RunningModels | null> {
  const number = own.beginCheck();
  const outcome = await reader.read(ask);
  if (outcome.kind !== 'ok') return null;
  own.endCheck(number, outcome.value);
  return outcome.value;
}

function areReady(
  names: readonly (string | null)[],
  { models, running }: { models: readonly ListedModel[]; running: RunningModels },
): boolean {
  const findState = (name: string) => running.get(findInList(models, name)?.runsAs ?? name)?.state;
  return names.every((name) => name !== null && findState(name) === 'ready');
}

/** Whether a request for a ready model evicts no others, because they were loaded before the client's request. */
function evictsNone(
  { answer, running, runsAs }: { answer: ClientAnswer; running: RunningModels; runsAs: string },
  { own, now }: { own: ProviderLoads; now: number },
): boolean {
  const others = [...running].filter(([name]) => name !== runsAs);
  if (others.some(([, { state }]) => state !== 'ready')) return false;
  if (now - answer.beganAt < JUST_BEGUN_MS) return true;
  const names = others.map(([name]) => name);
  return own.wereLoadedBefore(names, answer.beganAt);
}

/** Whether the active profile lets another model answer for a name. A pin of the name's first path segments counts too. */
function isPinned(name: string, pins: Exclude<Pins, string>): boolean {
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
