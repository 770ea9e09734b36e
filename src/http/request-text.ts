import type { Context } from 'hono';
import { PaddockError } from '../errors.ts';
import { decodeId } from '../resolve/decode-id.ts';

/** What a validator found wrong, in the words of the Standard Schema specification. */
interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * The rest of the path after a prefix, decoded once. Raw and percent-encoded IDs come out the same.
 * @throws {PaddockError} `invalid_model_id` where it is not UTF-8
 */
export function readPathId(c: Context, prefix: string): string {
  return decodeId(new URL(c.req.url).pathname.slice(prefix.length));
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

/**
 * Refuses a body of the wrong shape.
 * @throws {PaddockError} `invalid_request`
 */
export function rejectBody(issues: readonly StandardIssue[]): never {
  const words = issues.map(({ path, message }) => {
    const keys = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    return keys.length === 0 ? message : `"${keys.join('.')}": ${message}`;
  });
  throw new PaddockError('invalid_request', `The body does not fit: ${words.join('; ')}.`);
}
