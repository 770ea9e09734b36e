import type { Context, MiddlewareHandler } from 'hono';
import { messageOf, PaddockError } from '../../errors.ts';
import { splitUrl } from '../../gateway/target.ts';
import { isWebSocketUpgrade, NO_WEB_SOCKET_HERE_MESSAGE } from '../../gateway/web-socket.ts';

/** A check of a request, which throws a `PaddockError` if the request fails it. */
export type Check = (c: Context) => void;

/** Combines checks into one middleware: each middleware adds a cost to every request. */
export function runChecks(checks: readonly Check[]): MiddlewareHandler {
  return (c, next) => {
    for (const check of checks) check(c);
    return next();
  };
}

/** Creates the check that refuses new requests with `shutting_down` once the process is stopping. */
export function refuseWhenStopping(stopping: AbortSignal | undefined): Check {
  return () => {
    if (stopping?.aborted !== true) return;
    throw new PaddockError('shutting_down', messageOf('shutting_down'), {
      headers: { connection: 'close', 'retry-after': '1' },
    });
  };
}

/** The most bytes of path and query. A model ID of 512 characters, percent-encoded, takes up to 4608. */
const MAX_URL_BYTES = 8192;

/** Refuses a URL with `uri_too_long` if its path and query exceed the limit. */
export function limitUrl(c: Context): void {
  if (c.req.url.length <= MAX_URL_BYTES) return;
  const { path, query } = splitUrl(c.req.url);
  if (path.length + query.length <= MAX_URL_BYTES) return;
  const message = `The URL is longer than ${MAX_URL_BYTES} bytes: send long values in a body.`;
  throw new PaddockError('uri_too_long', message);
}

/** Refuses a WebSocket with `invalid_request` where none is served: an ordinary answer would hide why it fails. */
export function refuseWebSockets(c: Context): void {
  const { method, path } = c.req;
  if (method !== 'GET' || path.startsWith('/upstream/')) return;
  if (!isWebSocketUpgrade(method, c.req.header('upgrade'))) return;
  throw new PaddockError('invalid_request', NO_WEB_SOCKET_HERE_MESSAGE);
}
