import type { Clock } from '../clock.ts';
import type { Outcome } from '../upstream/outcome.ts';

/** How often it is looked whether a request is still wanted, in milliseconds. */
const LOOK_EVERY_MS = 5;

/**
 * Sends a request for as long as its answer is wanted, and aborts it then: null. Whether it is wanted is a value that is
 * polled: on workerd no other request could abort this one.
 */
export async function askWhile<T>(
  send: (signal: AbortSignal) => Promise<Outcome<T>>,
  options: {
    clock: Clock;
    isWanted: () => boolean;
    /** How long the answer may take, in milliseconds. */
    patienceMs: number;
  },
): Promise<Outcome<T> | null> {
  const { clock, isWanted, patienceMs } = options;
  if (!isWanted()) return null;
  const leaving = new AbortController();
  const sending = send(leaving.signal);
  const deadline = clock.monotonic() + patienceMs;
  while (isWanted() && clock.monotonic() < deadline) {
    const outcome = await Promise.race([sending, clock.sleep(LOOK_EVERY_MS)]);
    if (outcome !== undefined) return outcome;
  }
  const isTooLate = isWanted();
  leaving.abort();
  const outcome = await sending;
  return isTooLate ? outcome : null;
}
