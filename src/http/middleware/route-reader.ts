import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * Makes a function that says which route a request is for, as the OpenAPI document writes it: `/api/favorites/{id}`; null
 * where it is for none. It knows that before the route has run.
 */
export function createRouteReader(): (c: Context) => string | null {
  // Of patterns, of which the app has so many and no more.
  const readable = new Map<string, string>();
  return (c) => {
    // Middleware stands around all routes; the first of these is the one that runs.
    const pattern = matchedRoutes(c).find(({ path }) => path !== '*' && path !== '/*')?.path;
    if (pattern === undefined) return null;
    let route = readable.get(pattern);
    if (route === undefined) readable.set(pattern, (route = toReadable(pattern)));
    return route;
  };
}

function toReadable(pattern: string): string {
  return pattern.replaceAll(/:(\w+)(?:\{[^/]*\})?/gu, '{$1}');
}
