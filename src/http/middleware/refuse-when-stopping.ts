import { PaddockError } from '../../errors.ts';
import type { Check } from './admit.ts';

/** What is said of a request that comes too late. */
export const STOPPING_MESSAGE =
  'This Paddock is about to end, and takes no more requests: send it again.';

/**
 * Makes the check that lets nothing begin once the process is about to end.
 * @throws {PaddockError} `shutting_down`
 */
export function refuseWhenStopping(stopping: AbortSignal | undefined): Check {
  return () => {
    if (stopping?.aborted !== true) return;
    throw new PaddockError('shutting_down', STOPPING_MESSAGE, {
      headers: { connection: 'close', 'retry-after': '1' },
    });
  };
}
