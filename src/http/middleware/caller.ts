import type { Context } from 'hono';
import type { ApiKey } from '../../settings/api-keys.ts';
import type { Settings } from '../../settings/settings.ts';
import { findKey } from './find-key.ts';

/** Who sends a request, and what that lets them do. */
export interface Caller {
  /** The key that came with it; null where none is known. */
  readonly key: ApiKey | null;
  /** Whether the caller may administer: with one of `ADMIN_KEYS`, or in any case where there are none. */
  readonly isAdmin: boolean;
  /** Whether the caller sees the providers' addresses: with one of `ADMIN_KEYS`, or where no keys of any kind are set. */
  readonly seesAddresses: boolean;
  /** Whether the key opens `/metrics` and nothing else. */
  readonly isScraper: boolean;
}

/** The callers that the settings know. */
export interface Callers {
  /** Who comes without a key, where none is needed. */
  readonly anonymous: Caller;
  /** Who has one of these keys; null where none of them is known. It takes as long whichever is right. */
  find(keys: readonly string[]): Caller | null;
}

/** Makes the callers of the settings' keys. */
export function createCallers({
  apiKeys,
  adminKeys,
  metricsKeys,
}: Pick<Settings, 'apiKeys' | 'adminKeys' | 'metricsKeys'>): Callers {
  const everyKey = [...apiKeys, ...adminKeys, ...metricsKeys];
  const isOpen = adminKeys.length === 0;
  const usual = { isAdmin: isOpen, seesAddresses: false, isScraper: false };
  const callers = new Map<ApiKey, Caller>([
    ...apiKeys.map((key) => [key, { ...usual, key }] as const),
    ...adminKeys.map(
      (key) => [key, { ...usual, key, isAdmin: true, seesAddresses: true }] as const,
    ),
    ...metricsKeys.map((key) => [key, { ...usual, key, isAdmin: false, isScraper: true }] as const),
  ]);
  return {
    anonymous: { ...usual, key: null, seesAddresses: everyKey.length === 0 },
    find: (keys) => {
      const key = findKey(keys, everyKey);
      return key === null ? null : (callers.get(key) ?? null);
    },
  };
}

const CALLER = 'caller';

/** Notes who sends a request. */
export function setCaller(c: Context, caller: Caller): void {
  c.set(CALLER, caller);
}

/** Who sends a request; undefined where no key was looked for, since anybody may send it. */
export function readCaller(c: Context): Caller | undefined {
  return c.get(CALLER) as Caller | undefined;
}

/** The key that a request came with, where one was looked for; else null. */
export function readApiKey(c: Context): ApiKey | null {
  return readCaller(c)?.key ?? null;
}
