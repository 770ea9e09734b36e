import type { Context, Hono } from 'hono';
import { isOllamaPath, PaddockError } from '../errors.ts';
import { shorten } from '../telemetry/shorten.ts';

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

/** The longest path that a message quotes whole, in characters. The client knows its path; the log does not need it. */
const MAX_PATH = 200;

const BASE_URLS =
  'The base URL of OpenAI clients ends in /v1, and that of Anthropic and Ollama clients does not.';

/** Returns 404 for a path that no route serves, or 405 with `Allow` for a path that serves other methods. */
export function toUnrouted(app: Pick<Hono, 'router'>, c: Context): PaddockError {
  const { method, path } = c.req;
  const allowed = METHODS.filter((candidate) => isRouted(app, { method: candidate, path }));
  // A route that takes the method found nothing for this path, such as a file that does not exist.
  const served = method === 'HEAD' ? 'GET' : method;
  if (allowed.length === 0 || allowed.some((candidate) => candidate === served)) {
    return toNotFound(path);
  }
  const allow = allowed.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ');
  const message = `${shorten(path, MAX_PATH)} does not accept ${method}. Allowed methods: ${allow}.`;
  return new PaddockError('method_not_allowed', message, { headers: { allow } });
}

const NOT_OLLAMA =
  'Paddock serves the models that its providers list. Pull, create, copy or delete models on a provider.';

/** llama-swap's oldest form, which unloads by a GET. */
const UNLOAD = '/unload';
const NO_UNLOAD = 'A GET changes nothing: POST /api/models/unload unloads all models.';

/** Returns the error for a path that does not exist. */
export function toNotFound(path: string): PaddockError {
  return new PaddockError(
    'not_found',
    `No route matches ${shorten(path, MAX_PATH)}. ${toAdvice(path)} /docs lists every route.`,
  );
}

function toAdvice(path: string): string {
  if (path === UNLOAD) return NO_UNLOAD;
  return isOllamaPath(path) && !path.startsWith('/v1/') ? NOT_OLLAMA : BASE_URLS;
}

/** Whether a route of any method serves a path. */
export function isServed(app: Pick<Hono, 'router'>, path: string): boolean {
  return METHODS.some((method) => isRouted(app, { method, path }));
}

function isRouted(
  app: Pick<Hono, 'router'>,
  { method, path }: { method: string; path: string },
): boolean {
  // Middleware is registered for all methods, routes for one.
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}
