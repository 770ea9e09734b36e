// catalog/ probes the providers, keeps the last snapshot, and merges it into one list of models.
// Only requests start probes: there is no timer here.

import { PATIENCE_MS, planRead } from './freshness.ts';
import type { Mark } from './latest-results.ts';
import {
  ProbeRounds,
  type Background,
  type ProbeRoundsOptions,
  type Probing,
} from './probe-rounds.ts';
import type { Snapshot } from './snapshot.ts';

/** Gives requests the last known state of the providers. */
export interface SnapshotSource extends Pick<ProbeRounds, 'expire' | 'resultOf' | 'learn'> {
  /**
   * Returns a snapshot as fresh as the rules in `freshness.ts` require, with a new probe of each expired provider. At
   * most one round of probes runs at a time.
   */
  read(options: { refresh: boolean; background: Background }): Promise<Snapshot>;
  /** Returns the last snapshot immediately, or null. If it is old or missing, a new round starts in the background. */
  peek(background: Background): Snapshot | null;
  /** Returns the last snapshot of all providers, of any age, or null. Never starts a probe. */
  last(): Snapshot | null;
  /** Returns the last snapshot, of any age, with a new probe of each expired provider; waits for the first snapshot. */
  current(background: Background): Promise<Snapshot>;
}

/** How often a waiting request checks whether the work has ended, in milliseconds. */
const LOOK_EVERY_MS = 5;

/** Creates the snapshot source, the only place that starts rounds of probes. */
export function createSnapshotSource(
  options: ProbeRoundsOptions & { readonly ttlMs: number },
): SnapshotSource {
  const { clock, ttlMs } = options;
  const rounds = new ProbeRounds(options);

  function plan(refresh: boolean) {
    const { complete } = rounds;
    const ageMs = complete === null ? null : clock.monotonic() - complete.at;
    return planRead({ ageMs, ttlMs, refresh });
  }

  /** Waits until `isDone` returns true or a deadline of the monotonic clock has passed. */
  async function wait(isDone: () => boolean, deadline: number): Promise<void> {
    while (!isDone() && clock.monotonic() < deadline) await clock.sleep(LOOK_EVERY_MS);
  }

  async function waitForExpired(expired: readonly Mark[], background: Background): Promise<void> {
    for (const mark of expired) rounds.ensureFresh(mark, background);
    const deadline = clock.monotonic() + rounds.longestMs;
    await wait(() => expired.every((mark) => rounds.isFresh(mark)), deadline);
  }

  /** Waits for a round to end, at most this many milliseconds from its start. */
  async function waitForRound(mine: Probing, milliseconds: number): Promise<Snapshot> {
    await wait(() => rounds.hasEnded(mine), mine.startedAt + milliseconds);
    const { complete } = rounds;
    return rounds.hasEnded(mine) && complete !== null ? complete.snapshot : rounds.compose();
  }

  /** Returns the snapshot, after it probes expired providers again. */
  async function serve(snapshot: Snapshot, background: Background): Promise<Snapshot> {
    const { expired } = rounds;
    if (expired.length === 0) return snapshot;
    await waitForExpired(expired, background);
    return rounds.compose();
  }

  async function read({ refresh, background }: Parameters<SnapshotSource['read']>[0]) {
    const picked = plan(refresh);
    const { complete, expired } = rounds;
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
    peek(background) {
      if (plan(false) !== 'serve') rounds.ensureRound(background);
      return rounds.complete?.snapshot ?? null;
    },
    last: () => rounds.complete?.snapshot ?? null,
    async current(background) {
      if (rounds.complete === null) return read({ refresh: false, background });
      if (plan(false) !== 'serve') rounds.ensureRound(background);
      return serve(rounds.complete.snapshot, background);
    },
    expire: (provider) => rounds.expire(provider),
    resultOf: (provider) => rounds.resultOf(provider),
    learn: (provider, loaded) => rounds.learn(provider, loaded),
  };
}
