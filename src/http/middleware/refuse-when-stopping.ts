import { messageOf, PaddockError } from '../../errors.ts';
import type { Check } from './run-checks.ts';

/**
 * Creates the check that refuses new requests once the process is stopping.
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
