import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isWebSocketUpgrade } from '../../gateway/web-socket.ts';

/** How long a browser may keep what it was allowed, in seconds: Chromium keeps nothing for longer than two hours. */
const MAX_AGE_S = 7200;

/** The headers of an answer that pages may read. Browsers take whole names, and no prefixes. */
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
 * Makes the middleware that lets pages of these origins call every route, with whatever headers they like, and read what
 * it answers, errors too; none where there are none. It stands before the question for a key, which no preflight
 * carries. A preflight of any other origin is a request like others, which nobody here takes.
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
      // A WebSocket needs no permission, and its answer can have no other made of it.
      if (isWebSocketUpgrade(c.req.method, c.req.header('upgrade'))) return next();
      if (origins.includes(c.req.header('origin') ?? '')) return allow(c, next);
      await next();
      // The context's own way makes another response of it, whose body no longer flows from socket to socket.
      c.res.headers.append('vary', 'Origin');
    },
  ];
}
