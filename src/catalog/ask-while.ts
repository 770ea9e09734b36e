import type { Clock } from '../clock.ts';
import type { Outcome } from '../registry/outcome.ts';

/** How often to check whether the answer is still wanted, in milliseconds. */
const POLL_MS = 5;

/**
 * Sends a request and aborts it once its answer is no longer wanted; then returns null. `isWanted` is polled, because on
 * workerd one request cannot abort another.
 */
export async function askWhile<T>(
  send: (signal: AbortSignal) => Promise<Outcome<T>>,
  options: {
    clock: Clock;
    isWanted: () => boolean;
    /** The most time that the answer may take, in milliseconds. */
    patienceMs: number;
  },
): Promise<Outcome<T> | null> {
  const { clock, isWanted, patienceMs } = options;
  if (!isWanted()) return null;
  const controller = new AbortController();
  const sending = send(controller.signal);
  const deadline = clock.monotonic() + patienceMs;
  while (isWanted() && clock.monotonic() < deadline) {
    const outcome = await Promise.race([sending, clock.sleep(POLL_MS)]);
    if (outcome !== undefined) return outcome;
  }
  const isTooLate = isWanted();
  controller.abort();
  const outcome = await sending;
  return isTooLate ? outcome : null;
}
