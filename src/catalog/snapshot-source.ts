// catalog/ probes the providers, keeps the last snapshot, and merges it into one list of models.
// Only requests start probes: there is no timer here.

import { PATIENCE_MS, planRead } from './freshness.ts';
import type { Provider } from '../registry/provider.ts';
import type { LoadedContexts } from './probe.ts';
import { createLatestResults, type Mark } from './latest-results.ts';
import {
  ProbeRounds,
  type Background,
  type ProbeRoundsOptions,
  type Probing,
} from './probe-rounds.ts';
import type { Snapshot } from './snapshot.ts';

/** Gives requests the last known state of the providers. */
export type SnapshotSource = ReturnType<typeof createSnapshotSource>;

/** The wishes of a request for a snapshot. */
export interface Reading {
  /** Whether the request asks for a round of its own. */
  readonly refresh: boolean;
  readonly background: Background;
}

/** How often a waiting request checks whether the work has ended, in milliseconds. */
const POLL_MS = 5;

/** Creates the snapshot source, the only place that starts rounds of probes. */
export function createSnapshotSource(options: ProbeRoundsOptions & { readonly ttlMs: number }) {
  const { clock, ttlMs } = options;
  const latest = createLatestResults();
  const rounds = new ProbeRounds(options, latest);

  function plan(refresh: boolean) {
    const { complete } = rounds;
    const ageMs = complete === null ? null : clock.monotonic() - complete.at;
    return planRead({ ageMs, ttlMs, refresh });
  }

  /** Waits until `isDone` returns true or a deadline of the monotonic clock has passed. */
  async function wait(isDone: () => boolean, deadline: number): Promise<void> {
    while (!isDone() && clock.monotonic() < deadline) await clock.sleep(POLL_MS);
  }

  async function waitForExpired(expired: readonly Mark[], background: Background): Promise<void> {
    for (const mark of expired) rounds.ensureFresh(mark, background);
    const deadline = clock.monotonic() + rounds.longestMs;
    await wait(() => expired.every(latest.isFresh), deadline);
  }

  /** Waits for a round to end, at most this many milliseconds from its start. */
  async function waitForRound(mine: Probing, milliseconds: number): Promise<Snapshot> {
    await wait(() => rounds.hasEnded(mine), mine.startedAt + milliseconds);
    const { complete } = rounds;
    return rounds.hasEnded(mine) && complete !== null ? complete.snapshot : rounds.compose();
  }

  /** Returns the snapshot, after it probes expired providers again. */
  async function serve(snapshot: Snapshot, background: Background): Promise<Snapshot> {
    const expired = latest.expired();
    if (expired.length === 0) return snapshot;
    await waitForExpired(expired, background);
    return rounds.compose();
  }

  /** Returns a snapshot as fresh as `freshness.ts` requires. At most one round of probes runs at a time. */
  async function read({ refresh, background }: Reading): Promise<Snapshot> {
    const picked = plan(refresh);
    const { complete } = rounds;
    const expired = latest.expired();
    if (picked === 'serve' && complete !== null) return serve(complete.snapshot, background);
    const mine = rounds.ensureRound(background);
    if (picked === 'serve-and-refresh' && complete !== null)
      return serve(complete.snapshot, background);
    const milliseconds = picked === 'wait-briefly' ? PATIENCE_MS : rounds.longestMs;
    if (expired.length > 0) await waitForExpired(expired, background);
    return waitForRound(mine, milliseconds);
  }

  return {
    read,
    /** Returns the last snapshot immediately, or null. If it is old or missing, a new round starts in the background. */
    peek(background: Background): Snapshot | null {
      if (plan(false) !== 'serve') rounds.ensureRound(background);
      return rounds.complete?.snapshot ?? null;
    },
    /** Returns the last snapshot of all providers, of any age, or null. Never starts a probe. */
    last: (): Snapshot | null => rounds.complete?.snapshot ?? null,
    /** Returns the last snapshot, of any age, with a new probe of each expired provider; waits for the first snapshot. */
    async current(background: Background): Promise<Snapshot> {
      if (rounds.complete === null) return read({ refresh: false, background });
      if (plan(false) !== 'serve') rounds.ensureRound(background);
      return serve(rounds.complete.snapshot, background);
    },
    expire: latest.expire,
    resultOf: (provider: Provider) => rounds.resultOf(provider),
    learn: (provider: string, loaded: LoadedContexts) => rounds.learn(provider, loaded),
  };
}
