import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import {
  isAnthropicPath,
  isOllamaPath,
  PaddockError,
  toAnthropicError,
  toOllamaError,
  toOpenAiError,
  toPaddockError,
} from '../errors.ts';
import type { Redact } from '../telemetry/redact.ts';
import { ClientGone } from '../gateway/transport.ts';
import { readExchange } from './middleware/observe.ts';
import { isAnthropicModelsRequest } from './wants-page.ts';

/** The status that nginx logs when the client closed the request. No client reads it. */
export const CLIENT_GONE_STATUS = 499;

/** Converts a failure to an answer. */
export type RenderError = (error: unknown, c: Context) => Response;

/** Creates the only converter of failures to answers. It redacts secrets: messages may quote the client. */
export function createRenderError(redact: Redact): RenderError {
  return (error, c) => {
    if (error instanceof ClientGone) return new Response(null, { status: CLIENT_GONE_STATUS });
    const known = toKnown(error);
    known.message = redact(known.message);
    readExchange(c).error = known;
    const toEnvelope = pickEnvelope(c);
    return c.json(toEnvelope(known), known.status satisfies ContentfulStatusCode, {
      ...known.headers,
    });
  };
}

function pickEnvelope(c: Context) {
  const { path } = c.req;
  if (isAnthropicPath(path) || isAnthropicModelsRequest(c)) return toAnthropicError;
  return isOllamaPath(path) ? toOllamaError : toOpenAiError;
}

function toKnown(error: unknown): PaddockError {
  // Hono throws this for a body with a JSON content type that is not JSON.
  if (error instanceof HTTPException && error.status === 400) {
    return new PaddockError('invalid_request', 'The body is not valid JSON.', { cause: error });
  }
  return toPaddockError(error);
}
