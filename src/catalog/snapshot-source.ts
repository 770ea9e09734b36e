// catalog/ knows what the providers serve: it probes, keeps the last snapshot, and merges it into one list.
// Nobody asking means nobody probed: there is no timer here.

import { PATIENCE_MS, planRead } from './freshness.ts';
import type { Mark } from './latest-results.ts';
import {
  ProbeRounds,
  type Background,
  type ProbeRoundsOptions,
  type Probing,
} from './probe-rounds.ts';
import type { Snapshot } from './snapshot.ts';

/** Where requests get what was last seen of the providers. */
export interface SnapshotSource extends Pick<ProbeRounds, 'expire' | 'resultOf' | 'learn'> {
  /**
   * A snapshot no older than the rules of freshness allow, and with a probe of each provider that has expired; at most one
   * round of probes is under way at a time.
   */
  read(options: { refresh: boolean; background: Background }): Promise<Snapshot>;
  /** The last snapshot at once, or null; where it is old, a new round runs behind it. */
  glance(background: Background): Snapshot | null;
  /** The last snapshot of all providers, or null, however old: it has no provider probed. */
  last(): Snapshot | null;
  /** The last snapshot, however old, with a probe of each provider that has expired; the first is waited for. */
  current(background: Background): Promise<Snapshot>;
}

/** How often a waiting request looks whether what it waits for has ended, in milliseconds. */
const LOOK_EVERY_MS = 5;

/** Makes the one place that probes. */
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

  /** Waits until `isDone` says so, until a deadline of the monotonic clock at most. */
  async function wait(isDone: () => boolean, deadline: number): Promise<void> {
    while (!isDone() && clock.monotonic() < deadline) await clock.sleep(LOOK_EVERY_MS);
  }

  async function waitForExpired(expired: readonly Mark[], background: Background): Promise<void> {
    for (const mark of expired) rounds.ensureFresh(mark, background);
    const deadline = clock.monotonic() + rounds.longestMs;
    await wait(() => expired.every((mark) => rounds.isFresh(mark)), deadline);
  }

  /** Waits for a round to end, so many milliseconds from its start at most. */
  async function waitForRound(mine: Probing, milliseconds: number): Promise<Snapshot> {
    await wait(() => rounds.isOver(mine), mine.startedAt + milliseconds);
    const { complete } = rounds;
    return rounds.isOver(mine) && complete !== null ? complete.snapshot : rounds.compose();
  }

  /** The last snapshot, with what expired probed again. */
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
    glance(background) {
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
