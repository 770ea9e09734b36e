import type { MiddlewareHandler } from 'hono';
import { PaddockError } from '../errors.ts';

/**
 * Makes the middleware that lets nothing begin once the process is about to end.
 * @throws {PaddockError} `shutting_down`
 */
export function refuseWhenStopping(stopping: AbortSignal | undefined): MiddlewareHandler[] {
  if (stopping === undefined) return [];
  return [
    async (_c, next) => {
      if (stopping.aborted) {
        const message = 'This Paddock is about to end, and takes no more requests: send it again.';
        throw new PaddockError('shutting_down', message, {
          headers: { connection: 'close', 'retry-after': '1' },
        });
      }
      await next();
    },
  ];
}
