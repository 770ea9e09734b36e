import { isToken } from './dsn.ts';
import type { Fault } from './fault.ts';
import { isName } from './provider.ts';

/** A key that lets its bearer in. */
export interface ApiKey {
  /** Whose it is, as its owner says; null where that is not said. */
  readonly name: string | null;
  /** Visible ASCII, so that every header that carries keys can carry it. */
  readonly key: string;
}

/** A setting that holds keys. */
type KeysVariable = 'API_KEYS' | 'ADMIN_KEYS' | 'METRICS_KEYS';

/** Parses one of the settings that hold keys: comma-separated `key` or `name:key` entries. No fault shows any part of one. */
export function parseApiKeys(
  text: string | undefined,
  { variable, faults }: { variable: KeysVariable; faults: Fault[] },
): readonly ApiKey[] {
  if (text === undefined) return Object.freeze([]);
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  // Who sets it believes that the door is locked.
  if (entries.length === 0) {
    faults.push({ variable, message: 'expected a key, or to be unset' });
  }
  const apiKeys: ApiKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const apiKey = toApiKey(entry);
    for (const message of findReasons(apiKey, apiKeys)) {
      faults.push({ variable, entry: `entry ${index + 1}`, message });
    }
    apiKeys.push(apiKey);
  }
  return Object.freeze(apiKeys);
}

function toApiKey(entry: string): ApiKey {
  const colon = entry.indexOf(':');
  const [name, key] =
    colon === -1 ? [null, entry] : [entry.slice(0, colon), entry.slice(colon + 1)];
  return Object.freeze({ name: name?.trim() ?? null, key: key.trim() });
}

function findReasons({ name, key }: ApiKey, earlier: readonly ApiKey[]): string[] {
  const reasons: string[] = [];
  if (!isToken(key))
    reasons.push('expected key or name:key, with a key of visible ASCII characters');
  else if (earlier.some((other) => other.key === key)) {
    reasons.push('expected a key that no earlier entry has');
  }
  if (name === null) return reasons;
  if (!isName(name)) {
    reasons.push(
      'expected a name of at most 63 small letters, digits, ".", "_" and "-" before the first ":", which a key with ":" in it needs too',
    );
  } else if (earlier.some((other) => other.name === name)) {
    reasons.push('expected a name that no earlier entry has');
  }
  return reasons;
}
