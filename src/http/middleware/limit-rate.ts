import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../../clock.ts';
import { PaddockError } from '../../errors.ts';
import type { ApiKey } from '../../settings/api-keys.ts';
import type { Settings } from '../../settings/settings.ts';
import { readApiKey } from './caller.ts';
import { readExchange } from './observe.ts';

const WINDOW_MS = 60_000;

/** The requests of one key within a minute. The minute begins with the first request. */
interface Window {
  count: number;
  /** On the monotonic clock: a change of the wall clock must not lock a key out. */
  readonly endsAt: number;
}

/**
 * Creates the middleware that limits the requests per minute of each key, or of all clients together where there are no
 * keys; an empty list without a limit. It runs after the check of keys, so it trusts no header of the client.
 * @throws {PaddockError} `rate_limit_exceeded`
 */
export function limitRate(options: {
  settings: Pick<Settings, 'rateLimit'>;
  clock: Clock;
}): MiddlewareHandler[] {
  const { clock } = options;
  const { rateLimit: limit } = options.settings;
  if (limit === null) return [];
  const windows = new Map<ApiKey | null, Window>();
  return [
    (c, next) => {
      const now = clock.monotonic();
      const key = readApiKey(c);
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= now) {
        window = { count: 0, endsAt: now + WINDOW_MS };
        windows.set(key, window);
      }
      window.count += 1;
      const seconds = Math.max(1, Math.ceil(Math.round(window.endsAt - now) / 1000));
      // Draft 6 of "RateLimit header fields for HTTP". Every answer carries these headers, including an upstream's.
      Object.assign(readExchange(c).headers, {
        'ratelimit-policy': `${limit};w=${WINDOW_MS / 1000}`,
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(Math.max(0, limit - window.count)),
        'ratelimit-reset': String(seconds),
      });
      if (window.count <= limit) return next();
      const headers = { 'retry-after': String(seconds) };
      const message = `Rate limit reached (${limit} requests per minute). Retry in ${seconds} s, or raise RATE_LIMIT.`;
      throw new PaddockError('rate_limit_exceeded', message, { headers });
    },
  ];
}
