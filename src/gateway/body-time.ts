import type { Clock } from '../clock.ts';
import { messageOf, PaddockError } from '../errors.ts';

/** How long a client may take to send a body, in milliseconds. Node's own server has the same limit. */
export const BODY_MS = 300_000;

/**
 * Returns the result of work that waits for a client's body, within a time limit.
 * @throws {PaddockError} `request_timeout` if the work takes longer
 */
export async function inTime<T>(
  work: Promise<T>,
  { clock, withinMs }: { clock: Pick<Clock, 'after'>; withinMs: number },
): Promise<T> {
  let stopTimer = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    stopTimer = clock.after(withinMs, () => reject(tooSlow()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stopTimer();
  }
}

/** Returns the error for a body that is not complete in time. */
export function tooSlow(): PaddockError {
  return new PaddockError('request_timeout', messageOf('request_timeout'));
}
