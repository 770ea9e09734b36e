import { PaddockError } from '../errors.ts';
import type { Check } from './admit.ts';

/**
 * Makes the check that lets nothing begin once the process is about to end.
 * @throws {PaddockError} `shutting_down`
 */
export function refuseWhenStopping(stopping: AbortSignal): Check {
  return () => {
    if (!stopping.aborted) return;
    const message = 'This Paddock is about to end, and takes no more requests: send it again.';
    throw new PaddockError('shutting_down', message, {
      headers: { connection: 'close', 'retry-after': '1' },
    });
  };
}
