import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import { splitUrl } from '../../gateway/target.ts';

/**
 * How long a path and its query may be together, in bytes. The longest model ID, of 512 characters, takes 4608 when each is
 * percent-encoded.
 */
const MAX_URL_BYTES = 8192;

/** What is said of a URL that is longer. */
export const URL_TOO_LONG_MESSAGE = `The URL is longer than ${MAX_URL_BYTES} bytes: send less of it, and what is long in a body.`;

/**
 * Refuses a URL that is longer than any that serves.
 * @throws {PaddockError} `uri_too_long`
 */
export function limitUrl(c: Context): void {
  if (c.req.url.length <= MAX_URL_BYTES) return;
  const { path, query } = splitUrl(c.req.url);
  if (path.length + query.length > MAX_URL_BYTES) {
    throw new PaddockError('uri_too_long', URL_TOO_LONG_MESSAGE);
  }
}
