import { createHash } from 'node:crypto';
import type { FormFile } from './multipart.ts';

/** Describes a file by name, length and checksum, so that a client can see that it arrived whole. */
export function describeFile({ name, bytes }: FormFile): string {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${name}: ${bytes.length} bytes, sha-256 ${hash}`;
}
