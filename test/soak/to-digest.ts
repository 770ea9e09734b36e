import { createHash } from 'node:crypto';

/** The hash by which a host says what has reached it. */
export function toDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
