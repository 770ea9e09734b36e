/** A name that nothing else has: 32 hex digits. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
