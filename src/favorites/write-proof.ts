import type { PaddockError } from '../errors.ts';
import { toDatabaseError } from './to-database-error.ts';

/** Whether the database takes writes: tried for real, and seldom. */
export interface WriteProof {
  /** Why no favorite can be stored now, or null. */
  findFault(): Promise<PaddockError | null>;
  /** Notes how a write of a client ended, which proves as much. */
  note(fault: PaddockError | null): void;
}

/** What waiting and measuring takes, in milliseconds. */
export interface MeasuringClock {
  monotonic(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How long a write that succeeded proves that others would, in milliseconds. */
const PROVEN_MS = 60_000;

/** How long a write that failed is not tried again, in milliseconds. */
const FAULTY_MS = 5000;

/** How long an attempt may take before it is taken for lost with the request that made it, in milliseconds. */
const LONGEST_ATTEMPT_MS = 11_000;

const PAUSE_MS = 20;

/** Makes the proof. Its callers share a result and never a promise: on workerd a promise belongs to one request. */
export function createWriteProof(options: {
  /** Writes something and takes it back. Rejects where that fails. */
  attempt: () => Promise<unknown>;
  clock: MeasuringClock;
}): WriteProof {
  const { attempt, clock } = options;
  let known: { readonly fault: PaddockError | null; readonly at: number } | null = null;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let isAttempting = false;

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
    async findFault() {
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
