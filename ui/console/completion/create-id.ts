/** Returns a random ID of 32 hex digits. `crypto.randomUUID` is not available on pages served over plain HTTP. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
