import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import type { Exchange, Observer } from '../../telemetry/exchange.ts';
import type { ApiKey } from '../../settings/api-keys.ts';
import { readApiKey } from './caller.ts';
import { readExchange } from './observe.ts';

/** The slots that active requests hold. A request's end frees its slot, however it ends. */
export interface ConcurrencyLimiter extends Observer {
  /** Takes a slot of the request's key, or of all clients if there are no keys. Throws `rate_limit_exceeded`. */
  acquire(c: Context): void;
}

/** Creates `limit` slots for each key; null without a limit. */
export function limitConcurrency(limit: number | null): ConcurrencyLimiter | null {
  if (limit === null) return null;
  const taken = new Map<ApiKey | null, number>();
  const holders = new Map<Exchange, ApiKey | null>();
  return {
    acquire(c) {
      const apiKey = readApiKey(c);
      const count = taken.get(apiKey) ?? 0;
      if (count >= limit) {
        const message = `Concurrency limit reached (${limit}). Retry later, or raise CONCURRENCY_LIMIT.`;
        throw new PaddockError('rate_limit_exceeded', message, { headers: { 'retry-after': '1' } });
      }
      taken.set(apiKey, count + 1);
      holders.set(readExchange(c), apiKey);
    },
    ended(exchange) {
      const apiKey = holders.get(exchange);
      if (apiKey === undefined) return;
      holders.delete(exchange);
      taken.set(apiKey, (taken.get(apiKey) ?? 1) - 1);
    },
  };
}
