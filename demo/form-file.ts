import { createHash } from 'node:crypto';
import type { FormFile } from './multipart.ts';

/** Names a file, its length and its checksum, so that a client sees that it arrived whole. */
export function describeFile({ name, bytes }: FormFile): string {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${name}: ${bytes.length} bytes, sha-256 ${hash}`;
}
