// catalog/ knows what the herd serves: it probes, keeps the last snapshot, and merges it into one list.
// Nobody asking means nobody probed: there is no timer here.

import type { Provider } from '../registry/provider.ts';
import type { Clock } from './clock.ts';
import { joinId } from '../resolve/composite-id.ts';
import { PATIENCE_MS, planRead } from './freshness.ts';
import type { ContextsById, LearnedContexts } from './learned-contexts.ts';
import type { ProbeResult } from './probe.ts';

/** What a provider's last probe found, when that was, and when it was last online, in ISO 8601. */
export type CheckedResult = ProbeResult & {
  readonly checkedAt: string;
  /** Null where it was never online since this program started. */
  readonly lastSeenAt: string | null;
};

/** The whole herd as it was last seen; never changed once made. */
export interface Snapshot {
  /** When it was put together, in ISO 8601. */
  readonly takenAt: string;
  readonly results: ReadonlyMap<string, CheckedResult>;
  /** The context windows that models had when they were last seen loaded. */
  readonly learned: ContextsById;
}

/** Keeps work alive after the request that began it was answered; on Workers the platform's `waitUntil`. */
export type Background = (work: Promise<void>) => void;

/** Where requests get what was last seen of the herd. */
export interface SnapshotSource {
  /**
   * A snapshot no older than the rules of freshness allow, at most one round of probes running at a time. It is
   * there at once, and no promise, wherever nothing has to be waited for.
   */
  read(options: { refresh: boolean; background: Background }): Snapshot | Promise<Snapshot>;
  /** The last snapshot at once, or null; where it is old, a new round runs behind it. */
  glance(background: Background): Snapshot | null;
  /** The last snapshot of all providers, or null, however old: it has no host probed. */
  last(): Snapshot | null;
}

interface Round {
  readonly startedAt: number;
  readonly arrived: Map<string, CheckedResult>;
  /** What was last composed of it, and of how many results. */
  composed: { readonly of: number; readonly snapshot: Snapshot } | null;
}

/** How often a waiting request looks whether the round it waits for has ended, in milliseconds. */
const LOOK_EVERY_MS = 5;

/** A round that is this much later than its slowest timeout has died with the request that ran it. */
const GRACE_MS = 1000;

/** Makes the one place that probes. `probe` must not throw. */
export function createSnapshotSource(options: {
  providers: readonly Provider[];
  probe: (provider: Provider) => Promise<ProbeResult>;
  contexts: LearnedContexts;
  clock: Clock;
  ttlMs: number;
  /** Told of each new snapshot of all providers. */
  onSnapshot: (snapshot: Snapshot) => void;
}): SnapshotSource {
  const { providers, probe, contexts, clock, ttlMs, onSnapshot } = options;
  const longestMs = Math.max(0, ...providers.map(({ timeoutMs }) => timeoutMs)) + GRACE_MS;
  // Requests share these values, and never a promise: on workerd a promise belongs to the request that made it.
  let complete: { snapshot: Snapshot; at: number } | null = null;
  let round: Round | null = null;

  const stamp = () => new Date(clock.wall()).toISOString();

  async function run(mine: Round): Promise<void> {
    const probing = providers.map(async (provider) => {
      const result = await probe(provider);
      const before = complete?.snapshot.results.get(provider.name);
      mine.arrived.set(provider.name, toChecked(result, { checkedAt: stamp(), before }));
    });
    const [known] = await Promise.all([contexts.load(), ...probing]);
    if (round !== mine) return;
    const learned = contexts.learn(known, toSeen(mine.arrived));
    const snapshot = { takenAt: stamp(), results: mine.arrived, learned };
    complete = { snapshot, at: clock.monotonic() };
    round = null;
    onSnapshot(snapshot);
    await contexts.save();
  }

  function ensureRound(background: Background): Round {
    const now = clock.monotonic();
    if (round === null || now - round.startedAt > longestMs) {
      round = { startedAt: now, arrived: new Map(), composed: null };
      background(run(round));
    }
    return round;
  }

  const plan = (refresh: boolean) =>
    planRead({ ageMs: complete === null ? null : clock.monotonic() - complete.at, ttlMs, refresh });

  /** Waits for a round to end, so many milliseconds from its start at most. */
  async function wait(mine: Round, milliseconds: number): Promise<Snapshot> {
    const deadline = mine.startedAt + milliseconds;
    while (round === mine && clock.monotonic() < deadline) await clock.sleep(LOOK_EVERY_MS);
    return round === mine || complete === null
      ? compose(mine, { before: complete?.snapshot ?? null, stamp })
      : complete.snapshot;
  }

  return {
    read({ refresh, background }) {
      const picked = plan(refresh);
      if (picked === 'serve' && complete !== null) return complete.snapshot;
      const mine = ensureRound(background);
      if (picked === 'serve-and-refresh' && complete !== null) return complete.snapshot;
      return wait(mine, picked === 'wait-briefly' ? PATIENCE_MS : longestMs);
    },
    glance(background) {
      if (plan(false) !== 'serve') ensureRound(background);
      return complete?.snapshot ?? null;
    },
    last: () => complete?.snapshot ?? null,
  };
}

/** What a probe found, with its times. */
function toChecked(
  result: ProbeResult,
  { checkedAt, before }: { checkedAt: string; before: CheckedResult | undefined },
): CheckedResult {
  const lastSeenAt = result.status === 'online' ? checkedAt : (before?.lastSeenAt ?? null);
  return { ...result, checkedAt, lastSeenAt };
}

/** The snapshot before with what a round has found so far laid over it: the same value for as long as that is the same. */
function compose(
  round: Round,
  { before, stamp }: { before: Snapshot | null; stamp: () => string },
): Snapshot {
  const { arrived, composed } = round;
  if (composed?.of === arrived.size) return composed.snapshot;
  const results = new Map([...(before?.results ?? []), ...arrived]);
  const snapshot = { takenAt: stamp(), results, learned: before?.learned ?? new Map() };
  round.composed = { of: arrived.size, snapshot };
  return snapshot;
}

/** The context windows of everything that is loaded now. */
function toSeen(results: ReadonlyMap<string, CheckedResult>): ContextsById {
  return new Map(
    [...results].flatMap(([provider, { loaded }]) =>
      [...loaded].map(([model, tokens]) => [joinId(provider, model), tokens] as const),
    ),
  );
}
