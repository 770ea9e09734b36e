import type { Clock } from '../clock.ts';
import type { Outcome } from '../registry/outcome.ts';
import type { Ask, OwnRequest } from '../registry/own-request.ts';
import type { Provider } from '../registry/provider.ts';
import type { Pins, RunningReader } from '../registry/provider-kind.ts';
import type { RunningModels, ServerProps } from '../registry/provider-models.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import { findInList } from './find-listed.ts';
import type { LoadMemory, ProviderLoads } from './load-memory.ts';
import type { ListedModel } from './model.ts';
import type { SnapshotSource } from './snapshot-source.ts';

/** A model's answer to a client, from its first byte on. */
export interface ClientAnswer {
  readonly provider: Provider;
  /** The model's name in the request. */
  readonly model: string;
  /** The start of the request, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
  /** The number of the last request that Paddock had sent when the answer began. */
  readonly number: number;
  hasEnded(): boolean;
  /** Resolves when the answer ends; false if the platform does not report the end. */
  readonly ended: Promise<boolean>;
}

/** The result of asking a model's own server. */
type AskResult =
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

/** Asks the server of a model that answers a client, unless that could load or evict a model. */
export type ServerAsker = (answer: ClientAnswer) => Promise<AskResult>;

/** Within this time after a request's start, in milliseconds, no other model can have been loaded. */
const JUST_BEGUN_MS = 1000;

/** The timeout for a server that is ready, in milliseconds. A slower answer may be waiting for its model to load. */
const PATIENCE_MS = 1000;

/** How often to check whether the answer is still wanted, in milliseconds. */
const POLL_MS = 5;

/** The dependencies of the asker. */
export interface AskerOptions {
  readonly requestUpstream: RequestUpstream;
  readonly clock: Clock;
  readonly loads: LoadMemory;
  readonly snapshots: SnapshotSource;
}

/** Creates the asker. */
export function createServerAsker(options: AskerOptions): ServerAsker {
  const { requestUpstream, clock, loads, snapshots } = options;

  return async (answer) => {
    const { provider, model, number } = answer;
    const { servers, running: reader } = provider.kind;
    if (servers === null || reader === null) return 'blocked';
    const ask = askProvider(provider, { requestUpstream });
    const own = loads(provider.name);
    const { status, models } = await snapshots.resultOf(provider);
    const listed = findInList(models, model);
    // Only a model's or an alias's name leads to one fixed server. With a selector, the server varies.
    const hasServer = listed === null || listed.kind === 'model' || listed.kind === 'alias';
    if (status !== 'online' || !hasServer) return 'blocked';
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
    const asked = await askModel(answer, { ...options, request, runsAs });
    if (asked === 'known') await snapshots.learn(provider.name, own.read(running));
    return asked;
  };
}

/** Asks the server of a ready model, until Paddock sends something that may unload the model. */
async function askModel(
  { provider, model, number }: ClientAnswer,
  options: AskerOptions & { request: OwnRequest<ServerProps>; runsAs: string },
): Promise<AskResult> {
  const { requestUpstream, clock, loads, request, runsAs } = options;
  const own = loads(provider.name);
  const isWanted = () => !own.traffic.hasOthersSince(model, number);
  if (!isWanted()) return 'unsafe';
  const controller = new AbortController();
  const sending = requestUpstream(provider, { ...request, signal: controller.signal });
  const deadline = clock.monotonic() + Math.min(PATIENCE_MS, provider.timeoutMs);
  let props: Outcome<ServerProps> | void = undefined;
  // Polled: on workerd, one request cannot abort another.
  while (props === undefined && isWanted() && clock.monotonic() < deadline) {
    props = await Promise.race([sending, clock.sleep(POLL_MS)]);
  }
  if (props === undefined) {
    const isTooLate = isWanted();
    controller.abort();
    props = await sending;
    if (!isTooLate) return 'unsafe';
  }
  // The model's concurrency limit is reached, so the request did not reach its server.
  if (props.kind === 'status' && props.status === 429) return 'wait-always';
  own.keep(runsAs, props.kind === 'ok' ? props.value : null);
  return 'known';
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

/** Returns the name at `/running` of the model that serves a name. A guess from the list could load another model. */
function toRunningName(listed: ListedModel | null, model: string): string {
  const isAlias = listed?.kind === 'alias' || (listed !== null && listed.model !== model);
  return isAlias ? listed.runsAs : model;
}
