import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isWebSocketUpgrade } from '../../gateway/web-socket.ts';

/** How long a browser may cache a preflight, in seconds. Chromium's limit is two hours. */
const MAX_AGE_S = 7200;

/** The response headers that pages may read. Browsers accept full names only, no prefixes. */
const EXPOSED = [
  'etag',
  'retry-after',
  'x-paddock-model',
  'x-paddock-note',
  'x-paddock-provider',
  'x-paddock-route',
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
];

/**
 * Creates the middleware that lets pages of these origins call every route with any headers, and read every answer,
 * including errors. Returns an empty list without origins. It runs before the key check because preflights carry no key.
 * A preflight of any other origin is handled like any other request, and no route accepts it.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler[] {
  if (origins.length === 0) return [];
  const allow = cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'],
    exposeHeaders: EXPOSED,
    maxAge: MAX_AGE_S,
  });
  return [
    async (c, next) => {
      // A WebSocket needs no CORS permission, and its response cannot be copied.
      if (isWebSocketUpgrade(c.req.method, c.req.header('upgrade'))) return next();
      if (origins.includes(c.req.header('origin') ?? '')) return allow(c, next);
      await next();
      // The context's own method copies the response, and the copy's body no longer flows from socket to socket.
      c.res.headers.append('vary', 'Origin');
    },
  ];
}
