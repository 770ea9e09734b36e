import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { Clock } from '../clock.ts';
import type { LatestResults, Mark } from './latest-results.ts';
import type { ContextsById, LearnedContexts, LoadedById } from './learned-contexts.ts';
import type { LoadedContexts, ProbeResult } from './probe.ts';
import { toChecked, type CheckedResult, type Snapshot } from './snapshot.ts';

/** Keeps work alive after the request that began it is answered; on Workers, the platform's `waitUntil`. */
export type Background = (work: Promise<void>) => void;

/** The dependencies of probing. `probe` must not throw. */
export interface ProbeRoundsOptions {
  readonly providers: readonly Provider[];
  readonly probe: (provider: Provider) => Promise<ProbeResult>;
  readonly contexts: LearnedContexts;
  readonly clock: Clock;
  /** Called with each new snapshot of all providers. */
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

/** Probes in progress, as plain values that requests can share. */
export interface Probing {
  /** The start, in milliseconds of the monotonic clock. */
  readonly startedAt: number;
  /** The number of its probes. */
  readonly probe: number;
}

/** The time after the longest timeout at which probes count as lost, because the request that ran them has ended. */
const GRACE_MS = 1000;

/** Probes all providers, one round at a time, or one that has expired. Requests share results, not promises. */
export class ProbeRounds {
  /** The time after which probes count as lost, in milliseconds. */
  readonly longestMs: number;
  readonly #options: ProbeRoundsOptions;
  readonly #latest: LatestResults;
  readonly #single = new Map<string, Probing>();
  #round: Probing | null = null;
  #complete: { readonly snapshot: Snapshot; readonly at: number } | null = null;
  #composed: Snapshot | null = null;

  constructor(options: ProbeRoundsOptions, latest: LatestResults) {
    this.#options = options;
    this.#latest = latest;
    this.longestMs = Math.max(0, ...options.providers.map((one) => one.timeoutMs)) + GRACE_MS;
  }

  /** The last snapshot of all providers, and the end of its round in milliseconds of the monotonic clock. */
  get complete(): { readonly snapshot: Snapshot; readonly at: number } | null {
    return this.#complete;
  }

  hasEnded(round: Probing): boolean {
    return this.#round !== round;
  }

  /** Returns the newest results of all providers: the same object until a result changes. */
  compose(): Snapshot {
    const results = this.#latest.results();
    if (this.#composed?.results !== results) {
      const learned = this.#complete?.snapshot.learned ?? new Map();
      this.#composed = { takenAt: this.#stamp(), results, learned };
    }
    return this.#composed;
  }

  /** Returns the round in progress, or starts a new one. */
  ensureRound(background: Background): Probing {
    if (this.#round === null || !this.#isAlive(this.#round)) {
      this.#round = this.#begin();
      background(this.#run(this.#round));
    }
    return this.#round;
  }

  /** Probes an expired provider, unless a probe that began after the mark is in progress. */
  ensureFresh(mark: Mark, background: Background): void {
    const [name, least] = mark;
    const provider = this.#options.providers.find((one) => one.name === name);
    const newest = Math.max(least, this.#latest.probeOf(name));
    const isUnderWay = [this.#round, this.#single.get(name)].some(
      (one) => one && one.probe > newest && this.#isAlive(one),
    );
    if (provider === undefined || isUnderWay) return;
    const mine = this.#begin();
    this.#single.set(name, mine);
    background(this.#runSingle(provider, mine));
  }

  /** Returns the newest result of a provider. Probes the provider if there is none. */
  async resultOf(provider: Provider): Promise<CheckedResult> {
    return this.#latest.get(provider.name) ?? this.#probe(provider, this.#begin());
  }

  /** Stores what was learned about a provider's loaded models. */
  async learn(provider: string, loaded: LoadedContexts): Promise<void> {
    const { contexts } = this.#options;
    const result = this.#latest.get(provider);
    if (result?.status === 'online') this.#latest.replace(provider, { ...result, loaded });
    const known = this.#complete?.snapshot.learned ?? (await contexts.load());
    if (this.#complete === null) contexts.learn(known, toLoaded([[provider, { loaded }]]));
    else this.#publish(this.#complete.at, known);
    await contexts.save();
  }

  async #run(mine: Probing): Promise<void> {
    const { providers, contexts, clock } = this.#options;
    const probing = providers.map((provider) => this.#probe(provider, mine));
    const [known] = await Promise.all([contexts.load(), ...probing]);
    if (this.#round !== mine) return;
    this.#round = null;
    this.#publish(clock.monotonic(), known);
    await contexts.save();
  }

  async #runSingle(provider: Provider, mine: Probing): Promise<void> {
    await this.#probe(provider, mine);
    if (this.#single.get(provider.name) === mine) this.#single.delete(provider.name);
    if (this.#complete === null) return;
    this.#publish(this.#complete.at, this.#complete.snapshot.learned);
    await this.#options.contexts.save();
  }

  async #probe(provider: Provider, { probe }: Probing): Promise<CheckedResult> {
    const found = await this.#options.probe(provider);
    const before = this.#latest.get(provider.name);
    const result = toChecked(found, { checkedAt: this.#stamp(), before });
    this.#latest.arrive(provider.name, { result, probe });
    return result;
  }

  #publish(at: number, known: ContextsById): void {
    const results = this.#latest.results();
    const learned = this.#options.contexts.learn(known, toLoaded([...results]));
    const snapshot = { takenAt: this.#stamp(), results, learned };
    this.#complete = { snapshot, at };
    this.#composed = snapshot;
    this.#options.onSnapshot(snapshot);
  }

  #begin(): Probing {
    return { startedAt: this.#options.clock.monotonic(), probe: this.#latest.begin() };
  }

  #isAlive({ startedAt }: Probing): boolean {
    return this.#options.clock.monotonic() - startedAt <= this.longestMs;
  }

  #stamp(): string {
    return new Date(this.#options.clock.wall()).toISOString();
  }
}

/** Collects the facts about all models that are loaded now. */
function toLoaded(
  results: readonly (readonly [provider: string, { readonly loaded: LoadedContexts }])[],
): LoadedById {
  return new Map(
    results.flatMap(([provider, { loaded }]) =>
      [...loaded].map(([model, context]) => [joinId(provider, model), context] as const),
    ),
  );
}
