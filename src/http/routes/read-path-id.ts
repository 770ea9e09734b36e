import type { Context } from 'hono';
import { decodeId } from '../../resolve/decode-id.ts';

/**
 * The rest of the path after a prefix, decoded once. Raw and percent-encoded IDs come out the same.
 * @throws {PaddockError} `invalid_model_id` where it is not UTF-8
 */
export function readPathId(c: Context, prefix: string): string {
  return decodeId(new URL(c.req.url).pathname.slice(prefix.length));
}
