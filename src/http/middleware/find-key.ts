import type { ApiKey } from '../../settings/api-keys.ts';

/**
 * The known key that one of those given is, or null. It takes as long for a key that is nearly right as for any other:
 * every character of every known key is looked at, whatever was found before.
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
  // Beyond the end of the given one there is NaN, which counts as 0.
  for (let at = 0; at < key.length; at += 1) {
    difference |= key.charCodeAt(at) ^ given.charCodeAt(at);
  }
  return difference === 0;
}
