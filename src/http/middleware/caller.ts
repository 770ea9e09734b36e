import type { Context } from 'hono';
import type { ApiKey } from '../../settings/api-keys.ts';
import type { Settings } from '../../settings/settings.ts';

/** The sender of a request, and its rights. */
export interface Caller {
  /** The known key of the request; null if it has none. */
  readonly key: ApiKey | null;
  /** Whether the caller may administer: it has one of `ADMIN_KEYS`, or none are set. */
  readonly isAdmin: boolean;
  /** Whether the caller sees the providers' addresses: it has one of `ADMIN_KEYS`, or no keys of any kind are set. */
  readonly seesAddresses: boolean;
  /** Whether the key opens only `/metrics`. */
  readonly isScraper: boolean;
}

/** Creates the callers from the keys in the settings. */
export function createCallers({
  apiKeys,
  adminKeys,
  metricsKeys,
}: Pick<Settings, 'apiKeys' | 'adminKeys' | 'metricsKeys'>) {
  const isOpen = adminKeys.length === 0;
  const usual = { isAdmin: isOpen, seesAddresses: false, isScraper: false };
  const callers = new Map<ApiKey, Caller>();
  for (const key of apiKeys) callers.set(key, { ...usual, key });
  for (const key of adminKeys)
    callers.set(key, { ...usual, key, isAdmin: true, seesAddresses: true });
  for (const key of metricsKeys)
    callers.set(key, { ...usual, key, isAdmin: false, isScraper: true });
  const everyKey = [...callers.keys()];
  /** The caller without a key, where none is needed. */
  const anonymous: Caller = { ...usual, key: null, seesAddresses: everyKey.length === 0 };
  return {
    anonymous,
    /** Returns the caller with one of these keys, or null if none is known. The time taken does not depend on the match. */
    find: (keys: readonly string[]): Caller | null => {
      const key = findKey(keys, everyKey);
      return key === null ? null : (callers.get(key) ?? null);
    },
  };
}

const CALLER = 'caller';

/** Stores the caller of a request. */
export function setCaller(c: Context, caller: Caller): void {
  c.set(CALLER, caller);
}

/** Returns the caller of a request; undefined if no key was checked because the route is open to all. */
export function readCaller(c: Context): Caller | undefined {
  return c.get(CALLER) as Caller | undefined;
}

/** Returns the key of a request, or null if it has none or none was checked. */
export function readApiKey(c: Context): ApiKey | null {
  return readCaller(c)?.key ?? null;
}

/** Returns the known key among the given ones, or null. It compares every character, so its duration reveals nothing. */
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
