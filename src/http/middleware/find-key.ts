import type { ApiKey } from '../../settings/api-keys.ts';

/**
 * Returns the known key that matches one of the given ones, or null. It compares every character of every known key, also
 * after a match, so that the time does not reveal how close a guess is.
 */
export function findKey(given: readonly string[], known: readonly ApiKey[]): ApiKey | null {
  let found: ApiKey | null = null;
  for (const candidate of given) {
    for (const apiKey of known) if (isSame(candidate, apiKey.key)) found = apiKey;
  }
  return found;
}

function isSame(given: string, key: string): boolean {
  let difference = key.length ^ given.length;
  // Beyond the end of the given key, `charCodeAt` returns NaN, which XOR treats as 0.
  for (let at = 0; at < key.length; at += 1) {
    difference |= key.charCodeAt(at) ^ given.charCodeAt(at);
  }
  return difference === 0;
}
