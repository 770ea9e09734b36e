import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** How long a browser may keep what it was allowed, in seconds: Chromium keeps nothing for longer than two hours. */
const MAX_AGE_S = 7200;

/**
 * Makes the middleware that lets pages of these origins call every route, and read what it answers, errors too; none
 * where there are none. It stands before the question for a key, which no preflight carries.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler[] {
  if (origins.length === 0) return [];
  return [
    cors({
      origin: [...origins],
      allowMethods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
      exposeHeaders: ['etag', 'retry-after', 'x-paddock-model', 'x-paddock-provider'],
      maxAge: MAX_AGE_S,
    }),
  ];
}
