import type { Context, MiddlewareHandler } from 'hono';
import { rateLimiter, type RateLimitInfo, type Store } from 'hono-rate-limiter';
import type { Clock } from '../../clock.ts';
import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { readApiKey } from './caller.ts';
import { readExchange } from './observe.ts';

const WINDOW_MS = 60_000;

/**
 * Makes the middleware that lets each key send so many requests a minute, or all who come where there are no keys; none
 * where any number may be sent. It stands behind the question for a key: what was let in is told apart by nothing that a
 * client says of itself.
 * @throws {PaddockError} `rate_limit_exceeded`
 */
export function limitRate(options: {
  settings: Pick<Settings, 'apiKeys' | 'adminKeys' | 'rateLimit'>;
  clock: Clock;
}): MiddlewareHandler[] {
  const { settings, clock } = options;
  const { apiKeys, adminKeys, rateLimit } = settings;
  if (rateLimit === null) return [];
  const slots = new Map([...apiKeys, ...adminKeys].map((key, index) => [key, String(index)]));
  const announce = (c: Context): number => {
    const { limit, remaining, resetTime } = c.get('rateLimit') as RateLimitInfo;
    const left = (resetTime?.getTime() ?? 0) - clock.wall();
    const seconds = Math.max(1, Math.ceil(left / 1000));
    // By the sixth draft of "RateLimit header fields for HTTP": kept for whatever answers, which may be a host.
    Object.assign(readExchange(c).headers, {
      'ratelimit-policy': `${limit};w=${WINDOW_MS / 1000}`,
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(seconds),
    });
    return seconds;
  };
  const limiter = rateLimiter({
    windowMs: WINDOW_MS,
    limit: rateLimit,
    standardHeaders: false,
    keyGenerator: (c) => {
      const apiKey = readApiKey(c);
      return (apiKey && slots.get(apiKey)) ?? 'all';
    },
    store: createWindows(clock),
    handler: (c) => {
      const seconds = announce(c);
      const message = toRateMessage({ limit: rateLimit, seconds });
      const headers = { 'retry-after': String(seconds) };
      throw new PaddockError('rate_limit_exceeded', message, { headers });
    },
  });
  return [
    limiter,
    (c, next) => {
      announce(c);
      return next();
    },
  ];
}

/** What is said to whoever has sent too many requests. */
export function toRateMessage({ limit, seconds }: { limit: number; seconds: number }): string {
  return `These are more than ${limit} requests in a minute: wait ${seconds} s, or raise RATE_LIMIT.`;
}

/**
 * How many requests each key has sent in its minute, which begins with the first of them. The library's own store goes by
 * the wall clock: were that set back by an hour, keys would be locked out for as long.
 */
function createWindows(clock: Clock): Store {
  const windows = new Map<string, { totalHits: number; endsAt: number }>();
  const toInfo = ({ totalHits, endsAt }: { totalHits: number; endsAt: number }) => ({
    totalHits,
    resetTime: new Date(clock.wall() + endsAt - clock.monotonic()),
  });
  return {
    increment(key) {
      const now = clock.monotonic();
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= now) {
        window = { totalHits: 0, endsAt: now + WINDOW_MS };
        windows.set(key, window);
      }
      window.totalHits += 1;
      return toInfo(window);
    },
    decrement(key) {
      const window = windows.get(key);
      if (window !== undefined) window.totalHits -= 1;
    },
    resetKey: (key) => void windows.delete(key),
  };
}
