import type { Clock } from '../clock.ts';
import type { PaddockError } from '../errors.ts';
import { toDatabaseError } from './to-database-error.ts';

/** The clock functions for waiting and measuring. */
export type MeasuringClock = Pick<Clock, 'monotonic' | 'sleep'>;

/** How long a successful write proves that others succeed, in milliseconds. */
const PROVEN_MS = 60_000;

/** How long to wait before the next attempt after a failed write, in milliseconds. */
const FAULTY_MS = 5000;

/** The time after which an attempt counts as lost, because the request that made it has ended, in milliseconds. */
const LONGEST_ATTEMPT_MS = 11_000;

const PAUSE_MS = 20;

/** Creates the check whether the database accepts writes, by occasional real writes. Callers share no promises. */
export function createWriteProof(options: {
  /** Writes something and rolls it back. Rejects if that fails. */
  attempt: () => Promise<unknown>;
  clock: MeasuringClock;
}) {
  const { attempt, clock } = options;
  let known: { readonly fault: PaddockError | null; readonly at: number } | null = null;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let isAttempting = false;

  /** Records the result of a client's write, which proves the same as an attempt. */
  function note(fault: PaddockError | null): void {
    known = { fault, at: clock.monotonic() };
  }

  function readKnown() {
    if (known === null) return null;
    const lastsMs = known.fault === null ? PROVEN_MS : FAULTY_MS;
    return clock.monotonic() - known.at < lastsMs ? known : null;
  }

  const isAnotherAttempting = () =>
    isAttempting && clock.monotonic() - attemptedAt < LONGEST_ATTEMPT_MS;

  return {
    note,
    /** Returns the reason why no favorite can be stored now, or null. */
    async findFault(): Promise<PaddockError | null> {
      while (readKnown() === null && isAnotherAttempting()) await clock.sleep(PAUSE_MS);
      const found = readKnown();
      if (found !== null) return found.fault;
      isAttempting = true;
      attemptedAt = clock.monotonic();
      const fault = await attempt().then(() => null, toDatabaseError);
      isAttempting = false;
      note(fault);
      return fault;
    },
  };
}
