import type { Context, Hono } from 'hono';
import { PaddockError } from '../errors.ts';

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

/** Answers a path that no route serves with 404, and one that serves other methods with 405 and `Allow`. */
export function rejectUnrouted(app: Pick<Hono, 'router'>, c: Context): never {
  const { method, path } = c.req;
  const allowed = METHODS.filter((candidate) => isRouted(app, { method: candidate, path }));
  // A route that takes the method and came to nothing served a part of the path alone: a file that is not there.
  const served = method === 'HEAD' ? 'GET' : method;
  if (allowed.length === 0 || allowed.some((candidate) => candidate === served)) {
    throw toNotFound(path);
  }
  const allow = allowed.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ');
  throw new PaddockError('method_not_allowed', `${path} does not take ${method}, but ${allow}.`, {
    headers: { allow },
  });
}

/** The error for a path that leads nowhere. */
export function toNotFound(path: string): PaddockError {
  return new PaddockError('not_found', `There is no ${path} here: /docs lists every route.`);
}

function isRouted(
  app: Pick<Hono, 'router'>,
  { method, path }: { method: string; path: string },
): boolean {
  // Middleware is registered for all methods, routes for one.
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}
