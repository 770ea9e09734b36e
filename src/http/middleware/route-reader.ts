import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/** Creates the reader of a request's route as in the OpenAPI document, `/api/favorites/{id}`; null for none. */
export function createRouteReader(): (c: Context) => string | null {
  // Keyed by pattern: the app has a fixed number of them.
  const readable = new Map<string, string>();
  return (c) => {
    // Middleware matches every path. The first other match is the route that runs.
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
