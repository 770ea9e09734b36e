import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  isAnthropicPath,
  PaddockError,
  toAnthropicError,
  toOpenAiError,
  UNFORESEEN_MESSAGE,
} from '../errors.ts';
import { ClientGone } from '../gateway/client-gone.ts';
import type { Log } from './log.ts';

/** Makes the one place where a failure becomes an answer. What nobody foresaw is logged, and told no more than that. */
export function createErrorRenderer(log: Log): (error: unknown, c: Context) => Response {
  return (error, c) => {
    // Nobody reads it: the status is the one that nginx logs for a client that closed the request.
    if (error instanceof ClientGone) return new Response(null, { status: 499 });
    const known = toPaddockError(error);
    // The path as it was sent, still percent-encoded, so that none can begin a line of its own in the log.
    const path = new URL(c.req.url).pathname;
    // Who has set up no provider was told so at the start; a page that is left open would say it every few seconds.
    if (known.status >= 500 && known.code !== 'no_providers') {
      log.error(`${c.req.method} ${path}: ${known.message}`, known.cause);
    }
    const toEnvelope = isAnthropicPath(c.req.path) ? toAnthropicError : toOpenAiError;
    return c.json(toEnvelope(known), known.status satisfies ContentfulStatusCode, {
      ...known.headers,
    });
  };
}

function toPaddockError(error: unknown): PaddockError {
  if (error instanceof PaddockError) return error;
  // Hono's own word for a body that is not the JSON its content type says.
  if (error instanceof HTTPException && error.status === 400) {
    return new PaddockError('invalid_request', 'The body is not valid JSON.', { cause: error });
  }
  return new PaddockError('internal_error', UNFORESEEN_MESSAGE, { cause: error });
}
