import type { Context } from 'hono';
import { findInList, findServed } from '../catalog/find-listed.ts';
import type { LoadMemory, ProviderLoads } from '../catalog/load-memory.ts';
import type { SnapshotSource } from '../catalog/snapshot-source.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { WindowLearner } from '../catalog/window-learner.ts';
import type { Exchange, Observer } from '../telemetry/exchange.ts';
import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import { toBackground } from './background.ts';

/** Learns loads, evictions and context windows from the providers' answers to clients. */
export interface AnswerWatch extends Required<Pick<Observer, 'sending' | 'ended'>> {
  /** Called when the headers of an answer have arrived, before they are sent to the client. */
  answered(c: Context, exchange: Exchange): void;
  /** Called before Paddock asks a provider to load a model. The returned function must be called after that. */
  loading(provider: string, model: string): () => void;
  /** Called before Paddock asks a provider to unload. */
  unloading(provider: string): void;
  /** Called after Paddock asked a provider to unload a model, or all models (null), whether or not it succeeded. */
  unloaded(provider: string, model: string | null): void;
}

interface Watched {
  readonly provider: Provider;
  readonly own: ProviderLoads;
  readonly snapshots: SnapshotSource;
}

/** Creates the watch. A request whose answer cannot change anything costs only a few look-ups. */
export function watchAnswers(options: {
  providers: readonly Provider[];
  loads: LoadMemory;
  snapshots: SnapshotSource;
  learner: WindowLearner;
}): AnswerWatch {
  const { loads, snapshots, learner } = options;
  const watched = new Map(
    options.providers
      .filter(({ kind }) => kind.running !== null)
      .map((provider) => [provider.name, { provider, own: loads(provider.name), snapshots }]),
  );
  /** The learners that wait for the end of an answer. */
  const waiting = new Map<Exchange, (isKnown: boolean) => void>();

  function learn(c: Context, { provider, exchange }: { provider: Provider; exchange: Exchange }) {
    const { model, beganAt } = exchange;
    if (model === null) return;
    const number = loads(provider.name).traffic.last();
    const ended = new Promise<boolean>((resolve) => waiting.set(exchange, resolve));
    const hasEnded = () => !waiting.has(exchange);
    toBackground(c)(learner.learn({ provider, model, beganAt, number, ended, hasEnded }));
  }

  /** Returns the provider of an exchange and its known loads, if the provider reports what it has loaded. */
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
    ended(exchange, { end, bytesOut }) {
      const watching = find(exchange);
      if (watching === undefined) return;
      watching.own.traffic.ended(exchange);
      // An answer that was handed over has ended if its length is known: it arrives whole.
      waiting.get(exchange)?.(end !== 'handed_over' || bytesOut !== null);
      waiting.delete(exchange);
      // A load continues after its client leaves, and some answers begin before the model is ready.
      if (exchange.error === null || end === 'client_gone') noteChange(exchange, watching);
    },
    loading: (provider, model) =>
      beginLoad(model, { own: loads(provider), expire: () => snapshots.expire(provider) }),
    unloading: (provider) => loads(provider).traffic.unloading(),
    unloaded(provider, model) {
      const listed = model === null ? null : findServed(joinId(provider, model), snapshots.last());
      loads(provider).forget(listed?.runsAs ?? model);
      snapshots.expire(provider);
    },
  };
}

/** Records that Paddock asks a provider for a load, which may evict other models as a client's request may. */
function beginLoad(
  model: string,
  { own, expire }: { own: ProviderLoads; expire: () => void },
): () => void {
  const sent = { model, status: 0 };
  own.traffic.sent(sent);
  return () => {
    own.traffic.ended(sent);
    own.note(null);
    expire();
  };
}

/** Expires the provider's last list if the answer may have changed what the provider has loaded. */
function noteChange(exchange: Exchange, { provider, own, snapshots }: Watched): void {
  const { beganAt, status } = exchange;
  const model = exchange.model ?? findUpstreamModel(exchange, snapshots.last());
  if (model !== null && status < 500 && (own.isSettled(model) || own.isNoted(model))) return;
  const listed = model === null ? null : findServed(joinId(provider.name, model), snapshots.last());
  // A peer loads the model, not this provider.
  if (listed?.kind === 'peer') return;
  const isListed = listed !== null;
  own.note(model === null ? null : { model, runsAs: listed?.runsAs ?? model, isListed, beganAt });
  snapshots.expire(provider.name);
}

const UPSTREAM = '/upstream/';

/** Returns the longest listed model name at the start of the path after `/upstream/{provider}/`, or null. */
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
