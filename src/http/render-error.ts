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
import type { Redact } from '../telemetry/redact.ts';
import { ClientGone } from '../gateway/client-gone.ts';
import { readExchange } from './middleware/observe.ts';

/** Nobody reads it: the status that nginx logs for a client that closed the request. */
export const CLIENT_GONE_STATUS = 499;

/** Turns a failure into an answer. */
export type RenderError = (error: unknown, c: Context) => Response;

/** Makes the one place where a failure becomes an answer. A message may quote what a client sent: no secret with it. */
export function createRenderError(redact: Redact): RenderError {
  return (error, c) => {
    if (error instanceof ClientGone) return new Response(null, { status: CLIENT_GONE_STATUS });
    const known = toKnown(error);
    known.message = redact(known.message);
    readExchange(c).error = known;
    const toEnvelope = isAnthropicPath(c.req.path) ? toAnthropicError : toOpenAiError;
    return c.json(toEnvelope(known), known.status satisfies ContentfulStatusCode, {
      ...known.headers,
    });
  };
}

function toKnown(error: unknown): PaddockError {
  // Hono's own word for a body that is not the JSON its content type says.
  if (error instanceof HTTPException && error.status === 400) {
    return new PaddockError('invalid_request', 'The body is not valid JSON.', { cause: error });
  }
  return toPaddockError(error);
}
