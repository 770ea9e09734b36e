import type { Context, Hono } from 'hono';
import { PaddockError } from '../errors.ts';
import { shorten } from '../telemetry/shorten.ts';

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

/** The longest path that is said back whole, in characters: who sends a long one knows it, and a log need not. */
const MAX_PATH = 200;

/** The error for a path that no route serves, 404, or for one that serves other methods, 405 with `Allow`. */
export function toUnrouted(app: Pick<Hono, 'router'>, c: Context): PaddockError {
  const { method, path } = c.req;
  const allowed = METHODS.filter((candidate) => isRouted(app, { method: candidate, path }));
  // A route that takes the method and came to nothing served a part of the path alone: a file that is not there.
  const served = method === 'HEAD' ? 'GET' : method;
  if (allowed.length === 0 || allowed.some((candidate) => candidate === served)) {
    return toNotFound(path);
  }
  const allow = allowed.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ');
  const message = `${shorten(path, MAX_PATH)} does not take ${method}, but ${allow}.`;
  return new PaddockError('method_not_allowed', message, { headers: { allow } });
}

/** The error for a path that leads nowhere. */
export function toNotFound(path: string): PaddockError {
  return new PaddockError(
    'not_found',
    `There is no ${shorten(path, MAX_PATH)} here: /docs lists every route.`,
  );
}

function isRouted(
  app: Pick<Hono, 'router'>,
  { method, path }: { method: string; path: string },
): boolean {
  // Middleware is registered for all methods, routes for one.
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}
