import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * Creates a function that returns the route of a request as the OpenAPI document writes it, such as
 * `/api/favorites/{id}`; null if no route matches. It works before the route has run.
 */
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
