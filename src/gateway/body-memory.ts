import { messageOf, PaddockError } from '../errors.ts';
import type { Exchange, Observer } from '../telemetry/exchange.ts';

/** The memory limit that all request bodies share. A body's share is released when its exchange ends. */
export interface BodyMemory extends Observer {
  /** Records the held bytes of an exchange's body. Throws `overloaded`, or `body_too_large` beyond the limit. */
  hold(exchange: Exchange, bytes: number): void;
}

/** Creates the shared memory limit, in bytes. */
export function createBodyMemory(limit: number): BodyMemory {
  let total = 0;
  return {
    hold(exchange, bytes) {
      const more = bytes - exchange.bodyBytes;
      if (more > 0 && total + more > limit) {
        if (bytes <= limit) {
          const headers = { 'retry-after': '1' };
          throw new PaddockError('overloaded', messageOf('overloaded'), { headers });
        }
        const message = `The body needs more than ${limit} bytes of memory: send less, or raise BODY_MEMORY_BYTES.`;
        throw new PaddockError('body_too_large', message);
      }
      total += more;
      exchange.bodyBytes = bytes;
    },
    ended(exchange) {
      total -= exchange.bodyBytes;
      exchange.bodyBytes = 0;
    },
  };
}
