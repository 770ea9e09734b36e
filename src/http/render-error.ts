import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  isAnthropicPath,
  PaddockError,
  toAnthropicError,
  toOpenAiError,
  toPaddockError,
} from '../errors.ts';
import { ClientGone } from '../gateway/client-gone.ts';
import { readExchange } from './observe.ts';

/** Nobody reads it: the status that nginx logs for a client that closed the request. */
export const CLIENT_GONE_STATUS = 499;

/** The one place where a failure becomes an answer. */
export function renderError(error: unknown, c: Context): Response {
  if (error instanceof ClientGone) return new Response(null, { status: CLIENT_GONE_STATUS });
  const known = toKnown(error);
  readExchange(c).error = known;
  const toEnvelope = isAnthropicPath(c.req.path) ? toAnthropicError : toOpenAiError;
  return c.json(toEnvelope(known), known.status satisfies ContentfulStatusCode, {
    ...known.headers,
  });
}

function toKnown(error: unknown): PaddockError {
  // Hono's own word for a body that is not the JSON its content type says.
  if (error instanceof HTTPException && error.status === 400) {
    return new PaddockError('invalid_request', 'The body is not valid JSON.', { cause: error });
  }
  return toPaddockError(error);
}
