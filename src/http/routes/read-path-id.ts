import type { Context } from 'hono';
import { decodeId } from '../../resolve/decode-id.ts';

/**
 * Returns the path after a prefix, decoded once. Raw and percent-encoded IDs give the same result.
 * @throws {PaddockError} `invalid_model_id` if it is not UTF-8
 */
export function readPathId(c: Context, prefix: string): string {
  return decodeId(new URL(c.req.url).pathname.slice(prefix.length));
}
