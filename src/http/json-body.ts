import type { MiddlewareHandler } from 'hono';
import { validator } from 'hono-openapi';
import { safeParse, type GenericSchema, type InferOutput } from 'valibot';
import { messageOf, PaddockError } from '../errors.ts';
import { readBytes, readLength, type BodyLimits } from '../gateway/read-bytes.ts';
import { readExchange } from './middleware/observe.ts';

/** A validator's issue, as the Standard Schema specification defines it. */
interface StandardIssue {
  readonly message: string;
  /** What valibot expected and received, in its own words. */
  readonly expected?: string | null;
  readonly received?: string;
  readonly path?: readonly (PropertyKey | { readonly key: unknown })[] | undefined;
}

/** The validated body, as a route's handler gets it. */
export interface JsonInput<S extends GenericSchema> {
  in: { json: InferOutput<S> };
  out: { json: InferOutput<S> };
}

/**
 * Creates the middleware that reads a whole body for the handlers after it. The body must be declared as JSON; it may be
 * absent if it is optional. Throws `invalid_request`, or an error of `readBytes`.
 */
export function readJsonBody(
  { memory, ...limits }: BodyLimits,
  { isOptional = false } = {},
): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req;
    const length = readLength({ headers: c.req.header(), ...limits });
    const hold = (bytes: number) => memory.hold(readExchange(c), bytes);
    // The types distinguish the kinds of buffer that hold the bytes; `Request` takes either.
    const body = (await readBytes(raw, { ...limits, length, hold })) as Uint8Array<ArrayBuffer>;
    const type = c.req.header('content-type');
    const isAbsent = type === undefined && body.byteLength === 0;
    if (!isOptional || !isAbsent) requireJson(body, type);
    c.req.raw = new Request(raw, { method: raw.method, body });
    await next();
  };
}

function requireJson(body: Uint8Array, type = ''): void {
  if (!/^application\/json\s*(?:;|$)/iu.test(type)) {
    throw new PaddockError(
      'invalid_request',
      'The body is not declared as JSON: send content-type: application/json.',
    );
  }
  try {
    // A parser would replace invalid bytes with U+FFFD.
    new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new PaddockError('invalid_request', 'The body is not valid UTF-8.', { cause });
  }
}

/** Refuses a body of the wrong shape with `invalid_request`. */
export function validateJson<S extends GenericSchema>(schema: S) {
  return validator('json', schema, (result) => {
    // The schemas accept an array as an object without fields.
    if (Array.isArray(result.data)) rejectBody([{ message: 'expected an object, not an array' }]);
    if (!result.success) rejectBody(result.error);
  });
}

/** Parses a body of a shape. Throws `invalid_request`. */
export function parseJson<S extends GenericSchema>(bytes: Uint8Array, schema: S): InferOutput<S> {
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PaddockError('invalid_request', messageOf('invalid_request'));
  }
  const result = safeParse(schema, value);
  return result.success ? result.output : rejectBody(result.issues);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new PaddockError('invalid_request', 'The body is not valid JSON in UTF-8.', { cause });
  }
}

function rejectBody(issues: readonly StandardIssue[]): never {
  throw new PaddockError(
    'invalid_request',
    `The body is not valid: ${issues.map(describeIssue).join('; ')}.`,
  );
}

function describeIssue({ path, message, expected, received }: StandardIssue): string {
  const keys = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  if (keys.length === 0) return message;
  const field = `"${keys.join('.')}"`;
  // JSON has no `undefined`, and a schema expects `never` of a field that it does not have.
  if (received === 'undefined') return `${field} is missing`;
  return expected === 'never' ? `${field} is unknown: ${message}` : `${field}: ${message}`;
}
