import type { ClientResponse } from 'hono/client';
import type { ErrorCode } from '../errors.ts';
import { PaddockApiError } from './paddock-api-error.ts';

type Success<R> =
  R extends ClientResponse<infer Shape, infer Status, string>
    ? Status extends 204
      ? null
      : Shape
    : never;

/** Returns the JSON of an answer, or null without content. Throws `PaddockApiError` for an unsuccessful one. */
export async function readAnswer<R extends ClientResponse<unknown, number, string>>(
  answering: Promise<R>,
): Promise<Success<R>> {
  const response = await answering;
  const { status } = response;
  const text = await response.text();
  const value = parseJson(text);
  if (response.ok && (value !== undefined || status === 204)) return (value ?? null) as Success<R>;
  throw toApiError(value, { status, path: new URL(response.url || 'http://paddock/').pathname });
}

/** Returns the value of a JSON text, or undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toApiError(value: unknown, at: { status: number; path: string }): PaddockApiError {
  const own = toOwnError(value, at.status);
  if (own !== null) return own;
  const { status, path } = at;
  const what = `${path} answered HTTP ${status} in another format than Paddock's: check that the address is Paddock's.`;
  return new PaddockApiError(what, { status, code: null, param: null });
}

/** Returns the error that an answer's JSON describes, or null if it is not an error of Paddock. */
export function toOwnError(value: unknown, status: number): PaddockApiError | null {
  const { src, error } = Object(value) as { src?: unknown; error?: unknown };
  const { message, code, param } = Object(error) as Record<string, unknown>;
  if (src !== 'paddock' || typeof message !== 'string') return null;
  const isNamed = typeof param === 'string' ? param : null;
  return new PaddockApiError(message, { status, code: code as ErrorCode, param: isNamed });
}
