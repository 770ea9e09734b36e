import { messageOf, PaddockError } from '../../errors.ts';
import type { Check } from './admit.ts';

/**
 * Makes the check that lets nothing begin once the process is about to end.
 * @throws {PaddockError} `shutting_down`
 */
export function refuseWhenStopping(stopping: AbortSignal | undefined): Check {
  return () => {
    if (stopping?.aborted !== true) return;
    throw new PaddockError('shutting_down', messageOf('shutting_down'), {
      headers: { connection: 'close', 'retry-after': '1' },
    });
  };
}
