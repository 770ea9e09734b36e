import type { Context } from 'hono';
import { decodeId } from '../../resolve/decode-id.ts';
import { readCorrectedPath } from '../middleware/observe.ts';

/** Returns the path after a prefix, decoded once: raw and encoded IDs are equal. Throws `invalid_model_id`. */
export function readPathId(c: Context, prefix: string): string {
  const path = readCorrectedPath(c) ?? new URL(c.req.url).pathname;
  return decodeId(path.slice(prefix.length));
}
