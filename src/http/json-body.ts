import type { Context, MiddlewareHandler } from 'hono';
import { validator } from 'hono-openapi';
import type { GenericSchema, InferOutput } from 'valibot';
import { PaddockError } from '../errors.ts';
import { readBytes, readLength, type BodyLimits } from '../gateway/read-bytes.ts';
import { readExchange } from './middleware/observe.ts';

/** What a validator found wrong, in the words of the Standard Schema specification. */
interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a route's handler gets of a body that was validated. */
export interface JsonInput<S extends GenericSchema> {
  in: { json: InferOutput<S> };
  out: { json: InferOutput<S> };
}

/**
 * Makes the middleware that reads a body whole, for what stands behind it.
 * @throws {PaddockError} `body_too_large` before it has come whole; `overloaded`, `request_timeout`
 * @throws {ClientGone}
 */
export function limitBody({ memory, ...limits }: BodyLimits): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req;
    const length = readLength({ headers: c.req.header(), ...limits });
    const hold = (bytes: number) => memory.hold(readExchange(c), bytes);
    // Bytes are bytes, wherever they lie, which the types do not say.
    const bytes = await readBytes(raw, { ...limits, length, hold });
    const body = bytes as Uint8Array<ArrayBuffer>;
    c.req.raw = new Request(raw, { method: raw.method, body });
    await next();
  };
}

/**
 * Makes sure that a body says it is JSON, and is UTF-8, before it is parsed: a parser would put U+FFFD for what
 * is not.
 * @throws {PaddockError} `invalid_request`
 */
export async function requireJsonBody(c: Context, next: () => Promise<void>): Promise<void> {
  if (!/^application\/json\s*(?:;|$)/iu.test(c.req.header('content-type') ?? '')) {
    throw new PaddockError('invalid_request', 'Send JSON, with content-type: application/json.');
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer());
  } catch (cause) {
    throw new PaddockError('invalid_request', 'The body is not valid UTF-8.', { cause });
  }
  await next();
}

/** The same, for a route that takes no body too. */
export async function allowJsonBody(c: Context, next: () => Promise<void>): Promise<void> {
  const isSaid = c.req.header('content-type') !== undefined;
  const isThere = isSaid || (await c.req.arrayBuffer()).byteLength > 0;
  await (isThere ? requireJsonBody(c, next) : next());
}

/**
 * Refuses a body of the wrong shape.
 * @throws {PaddockError} `invalid_request`
 */
export function validateJson<S extends GenericSchema>(schema: S) {
  return validator('json', schema, (result) => {
    // An array is an object to the schemas, and one without any field.
    if (Array.isArray(result.data)) rejectBody([{ message: 'expected an object, not an array' }]);
    if (!result.success) rejectBody(result.error);
  });
}

function rejectBody(issues: readonly StandardIssue[]): never {
  const words = issues.map(({ path, message }) => {
    const keys = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    return keys.length === 0 ? message : `"${keys.join('.')}": ${message}`;
  });
  throw new PaddockError('invalid_request', `The body does not fit: ${words.join('; ')}.`);
}
