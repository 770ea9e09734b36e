import { isToken } from '../registry/dsn.ts';
import type { Fault } from '../registry/fault.ts';
import { isName } from '../registry/provider.ts';

/** A key that authenticates clients. */
export interface ApiKey {
  /** The name of the key in the settings; null if it has none. */
  readonly name: string | null;
  /** Visible ASCII, so that every header for keys can carry it. */
  readonly key: string;
}

/** The settings that contain keys. */
const KEY_VARIABLES = ['API_KEYS', 'ADMIN_KEYS', 'METRICS_KEYS'] as const;
type KeyVariable = (typeof KEY_VARIABLES)[number];

/** The keys of each of these settings. */
export type Keys = Readonly<Record<KeyVariable, readonly ApiKey[]>>;

/** An earlier entry of one of these settings. */
interface Taken extends ApiKey {
  readonly variable: KeyVariable;
}

/**
 * Parses the settings that contain keys, each a comma-separated list of `key` or `name:key`, and adds to the faults. Keys
 * and names must be unique: a key has one meaning, and a name in a log means one key. No fault shows any part of a key.
 */
export function parseKeys(
  values: Readonly<Partial<Record<KeyVariable, string | null | undefined>>>,
  faults: Fault[],
): Keys {
  const taken: Taken[] = [];
  const lists = KEY_VARIABLES.map((variable) => {
    const text = values[variable] ?? null;
    const entries = splitEntries(text ?? '');
    // A setting that is set but contains no key would protect nothing.
    if (text !== null && entries.length === 0) {
      faults.push({ variable, message: 'expected a key, or to be unset' });
    }
    const apiKeys = entries.map(toApiKey);
    for (const [index, apiKey] of apiKeys.entries()) {
      const entry = { variable, ...apiKey };
      for (const message of findReasons(entry, taken)) {
        faults.push({ variable, entry: `entry ${index + 1}`, message });
      }
      taken.push(entry);
    }
    return [variable, Object.freeze(apiKeys)] as const;
  });
  return Object.fromEntries(lists) as Keys;
}

function splitEntries(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function toApiKey(entry: string): ApiKey {
  const colon = entry.indexOf(':');
  const [name, key] =
    colon === -1 ? [null, entry] : [entry.slice(0, colon), entry.slice(colon + 1)];
  return Object.freeze({ name: name?.trim() ?? null, key: key.trim() });
}

function findReasons(entry: Taken, taken: readonly Taken[]): string[] {
  const { name, key } = entry;
  const reasons: string[] = [];
  const sameKey = taken.find((other) => other.key === key);
  if (!isToken(key))
    reasons.push('expected key or name:key, with a key of visible ASCII characters');
  else if (sameKey !== undefined) reasons.push(toTakenMessage('a key', { entry, taken: sameKey }));
  if (name === null) return reasons;
  const sameName = taken.find((other) => other.name === name);
  if (!isName(name)) {
    reasons.push(
      'expected a name of at most 63 lower-case letters, digits, ".", "_" and "-" before the first ":" (a key that contains ":" needs a name)',
    );
  } else if (sameName !== undefined) {
    reasons.push(toTakenMessage('a name', { entry, taken: sameName }));
  }
  return reasons;
}

function toTakenMessage(part: string, { entry, taken }: { entry: Taken; taken: Taken }): string {
  const where = taken.variable === entry.variable ? 'earlier entry' : `entry of ${taken.variable}`;
  return `expected ${part} that no ${where} has`;
}
