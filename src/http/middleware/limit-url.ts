import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import { splitUrl } from '../../gateway/target.ts';

/**
 * The limit for a path and its query together, in bytes. The longest model ID, 512 characters, takes 4608 bytes when each
 * character is percent-encoded.
 */
const MAX_URL_BYTES = 8192;

/**
 * Refuses a URL whose path and query exceed the limit.
 * @throws {PaddockError} `uri_too_long`
 */
export function limitUrl(c: Context): void {
  if (c.req.url.length <= MAX_URL_BYTES) return;
  const { path, query } = splitUrl(c.req.url);
  if (path.length + query.length > MAX_URL_BYTES) {
    const message = `The URL is longer than ${MAX_URL_BYTES} bytes: send long values in a body.`;
    throw new PaddockError('uri_too_long', message);
  }
}
