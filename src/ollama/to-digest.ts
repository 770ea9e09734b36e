/** Returns 64 hexadecimal digits for a model's name, in place of a digest of its files: clients compare digests. */
export function toDigest(name: string): string {
  return Array.from({ length: 8 }, (_, seed) => toHash(name, seed)).join('');
}

/** FNV-1a, with a seed. */
function toHash(text: string, seed: number): string {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
