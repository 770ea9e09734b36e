import type { Context } from 'hono';
import { findInList, findServed } from '../catalog/find-listed.ts';
import type { LoadMemory, ProviderLoads } from '../catalog/load-memory.ts';
import type { SnapshotSource } from '../catalog/snapshot-source.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { WindowLearner } from '../catalog/window-learner.ts';
import type { Delivery, Exchange, Observer } from '../telemetry/exchange.ts';
import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import { toBackground } from './background.ts';

/** Learns from providers' answers to clients: what they may have loaded and evicted, and context windows. */
export interface AnswerWatch extends Required<Pick<Observer, 'sending' | 'ended'>> {
  /** An answer has begun: its headers have come, and go out next. */
  answered(c: Context, exchange: Exchange): void;
  /** Paddock is about to have a provider unload something. */
  unloading(provider: string): void;
  /** The provider was told to unload a model, or all for null, whatever became of it. */
  unloaded(provider: string, model: string | null): void;
}

interface Watched {
  readonly provider: Provider;
  readonly own: ProviderLoads;
  readonly snapshots: SnapshotSource;
}

/** Makes it. It costs a request whose answer can change nothing a few look-ups. */
export function watchAnswers(options: {
  providers: readonly Provider[];
  loads: LoadMemory;
  snapshots: SnapshotSource;
  learner: WindowLearner;
}): AnswerWatch {
  const { loads, snapshots, learner } = options;
  const watched = new Map(
    options.providers
      .filter(({ kind }) => kind.can.running)
      .map((provider) => [provider.name, { provider, own: loads(provider.name), snapshots }]),
  );
  /** What waits for the ends of answers. */
  const waiting = new Map<Exchange, (isKnown: boolean) => void>();

  function learn(c: Context, { provider, exchange }: { provider: Provider; exchange: Exchange }) {
    const { model, beganAt } = exchange;
    if (model === null) return;
    const number = loads(provider.name).traffic.last();
    const ended = new Promise<boolean>((resolve) => waiting.set(exchange, resolve));
    const hasEnded = () => !waiting.has(exchange);
    toBackground(c)(learner.learn({ provider, model, beganAt, number, ended, hasEnded }));
  }

  /** The provider of an exchange, and what is remembered of it, where it tells what it has loaded. */
  const find = ({ provider }: Exchange) => watched.get(provider ?? '');

  return {
    sending(exchange) {
      const own = find(exchange)?.own;
      const isSettled = exchange.model !== null && own?.isSettled(exchange.model) === true;
      if (!isSettled) own?.traffic.sent(exchange);
    },
    answered(c, exchange) {
      const watching = find(exchange);
      if (watching === undefined || exchange.error !== null) return;
      noteChange(exchange, watching);
      const { provider } = watching;
      const { model, method, status } = exchange;
      const isInference = model !== null && method === 'POST' && status >= 200 && status < 300;
      if (isInference && learner.isWanted(provider, model)) learn(c, { provider, exchange });
    },
    ended(exchange, delivery) {
      const watching = find(exchange);
      if (watching === undefined) return;
      watching.own.traffic.ended(exchange);
      waiting.get(exchange)?.(tellsEnd(delivery));
      waiting.delete(exchange);
      // A client that goes away does not end a load, and some answers begin before the model is ready.
      if (exchange.error === null || delivery.end === 'client_gone') noteChange(exchange, watching);
    },
    unloading: (provider) => loads(provider).traffic.unloading(),
    unloaded(provider, model) {
      const listed = model === null ? null : findServed(joinId(provider, model), snapshots.last());
      loads(provider).forget(listed?.runsAs ?? model);
      snapshots.expire(provider);
    },
  };
}

/** Where an answer may have changed what its provider has loaded, the provider's last list is out of date. */
function noteChange(exchange: Exchange, { provider, own, snapshots }: Watched): void {
  const { beganAt, status } = exchange;
  const model = exchange.model ?? findUpstreamModel(exchange, snapshots.last());
  if (model !== null && status < 500 && (own.isSettled(model) || own.isNoted(model))) return;
  const listed = model === null ? null : findServed(joinId(provider.name, model), snapshots.last());
  // Another provider loads it.
  if (listed?.kind === 'peer') return;
  const isListed = listed !== null;
  own.note(model === null ? null : { model, runsAs: listed?.runsAs ?? model, isListed, beganAt });
  snapshots.expire(provider.name);
}

/** Whether an answer has really ended: one of known length that was handed over comes as a whole. */
function tellsEnd({ end, bytesOut }: Delivery): boolean {
  return end !== 'handed_over' || bytesOut !== null;
}

const UPSTREAM = '/upstream/';

/** The longest name of a listed model at the beginning of what follows `/upstream/{provider}/`, or null. */
function findUpstreamModel({ path, provider }: Exchange, snapshot: Snapshot | null): string | null {
  const models = snapshot?.results.get(provider ?? '')?.models;
  if (models === undefined || path?.startsWith(UPSTREAM) !== true) return null;
  const [, ...parts] = decode(path.slice(UPSTREAM.length)).split('/');
  const names = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return names.find((name) => findInList(models, name) !== null) ?? null;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
