import type { Clock } from '../clock.ts';
import { messageOf, PaddockError } from '../errors.ts';

/** How long a client may take to send a body, in milliseconds: as long as Node's own server gives it. */
export const BODY_MS = 300_000;

/**
 * The result of work that waits for a client's body, if it comes in time.
 * @throws {PaddockError} `request_timeout`
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

/** The refusal of a body that does not come to its end. */
export function tooSlow(): PaddockError {
  return new PaddockError('request_timeout', messageOf('request_timeout'));
}
