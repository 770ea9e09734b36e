import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { isProviderName } from '../../src/registry/provider.ts';
import { parseSettings, type Settings } from '../../src/settings/settings.ts';
import type { Environment } from '../../src/settings/environment.ts';
import { resolveModel } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';

/** Text that no generator makes by chance. In lower case, because messages are lower-cased before the search. */
const SECRET = 'zq5ecret-key';

const scrap = fc.constantFrom(
  ...['a=openai://', 'b=llama-swap://', 'a/m', 'b', 'any', '[', ']', '{', '"name":', '"', ','],
  ...['@', '/', '?', '=', '#', '%', '%zz', ':', '[::1]', '127.0.0.1', ':0', '*', 'timeout='],
  ...[
    'http://',
    'https://x',
    'file:',
    'debug',
    '0',
    '-1',
    '1e3',
    '99999',
    ' ',
    '\n',
    '\0',
    '\ud800',
  ],
);
const garbage = fc
  .array(fc.oneof(scrap, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((scraps) => scraps.join(''));
/** The environment of Workers has bindings, which are not strings. */
const binding = fc.constantFrom<unknown>(undefined, null, 7, true, {}, [], () => {}, Symbol('kv'));

/** Values of each variable that are valid with the right other values. */
const VALID: Readonly<Record<string, readonly string[]>> = {
  PROVIDERS: [
    `a=openai://${SECRET}@a b=llama-swap://b:1/x?label=B&timeout=9`,
    `[{"name":"a","url":"openais://${SECRET}@a"},{"name":"c","url":"llama-swaps://c"}]`,
  ],
  DEFAULT_PROVIDER: ['a', 'b', 'c', 'deepseek'],
  DEFAULT_MODEL: ['a/m', 'm', 'fast'],
  TASK_MODEL: ['b/x/y'],
  COMPACTION_MODEL: ['c/z'],
  ARENA_MODELS: ['a/m,b/x', ' m , , fast '],
  MODEL_ALIASES: ['fast=a/m', 'fast=deepseek/r slow=b/x'],
  DEEPSEEK_API_KEY: [SECRET],
  DEEPSEEK_BASE_URL: ['http://127.0.0.1:1/v1/'],
  LIBSQL_URL: ['file:x.db', 'libsql://x'],
  LIBSQL_AUTH_TOKEN: [SECRET],
  HOST: ['0.0.0.0', '::1'],
  API_KEYS: [SECRET, `alice:${SECRET},bob:k`],
  ADMIN_KEYS: [`root:${SECRET}2`],
  METRICS_KEYS: [`prometheus:${SECRET}3`],
  CORS_ORIGINS: ['https://x.example,http://localhost:1'],
  ALLOWED_HOSTS: ['*', 'chat.example'],
  RATE_LIMIT: ['60'],
  CONCURRENCY_LIMIT: ['1'],
  SHUTDOWN_GRACE_MS: ['0'],
  PORT: ['0', ' 80 '],
  PROBE_TIMEOUT_MS: ['1'],
  CATALOG_TTL_MS: ['0'],
  MAX_BODY_BYTES: ['1'],
  BODY_MEMORY_BYTES: ['1'],
  FIRST_BYTE_TIMEOUT_MS: ['1'],
  IDLE_TIMEOUT_MS: ['1'],
  UPSTREAM_PORT: ['0'],
  LOG_LEVEL: ['debug'],
};
const NAMES = Object.keys(VALID);

const environment = fc.record(
  Object.fromEntries(
    Object.entries(VALID).map(([name, values]) => [
      name,
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom<unknown>(...values) },
        { weight: 1, arbitrary: garbage },
        { weight: 1, arbitrary: binding },
      ),
    ]),
  ),
  { requiredKeys: [] },
);

/** The settings or the faults. Any other error fails the test. */
function parse(given: Environment): Settings | SettingsError {
  try {
    return parseSettings(given);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

function checkSettings({ registry, roles, apiKeys, corsOrigins }: Settings): void {
  for (const [name, provider] of registry.providers) {
    expect(isProviderName(name) && provider.name === name).toBe(true);
    for (const base of [provider.baseUrl, provider.sidecarUrl]) {
      if (base === null) continue;
      const { protocol, username, password, search, hash } = new URL(base);
      expect(protocol).toMatch(/^https?:$/);
      expect(username + password + search + hash).toBe('');
      expect(base).not.toMatch(/\/$|[\s\\?#@\p{Cc}]/u);
    }
    if (provider.token !== null) expect(provider.token).toMatch(/^[\x21-\x7e]+$/);
  }
  for (const role of [roles.default, roles.task, roles.compaction, ...roles.arena]) {
    if (role === null) continue;
    const { id, provider, model } = role;
    expect(resolveModel(id, registry)).toMatchObject({ ok: true, id, provider, model });
  }
  for (const target of registry.aliases.values()) {
    expect(resolveModel(target, registry)).toMatchObject({ ok: true });
  }
  for (const { key } of apiKeys) expect(key).toMatch(/^[\x21-\x7e]+$/);
  for (const origin of corsOrigins) expect(new URL(origin).origin).toBe(origin);
}

describe('any environment', () => {
  test('gives valid settings, or faults that name their variable and show no key', () => {
    const seen = { settings: 0, faults: 0 };
    const property = fc.property(environment, (given) => {
      const outcome = parse(given);
      if (!(outcome instanceof SettingsError)) {
        seen.settings += 1;
        return checkSettings(outcome);
      }
      seen.faults += 1;
      expect(outcome.faults).not.toEqual([]);
      for (const { variable, message } of outcome.faults) {
        expect(variable).toMatch(/^[A-Z_]+$/);
        expect(message).not.toBe('');
        expect(outcome.message).toContain(variable);
        // A fault is one line of a terminal for any value.
        expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }
      expect(inspect(outcome).toLowerCase()).not.toContain(SECRET);
    });
    const runs = inputs(3000);
    fc.assert(property, runs);
    expect(Math.min(seen.settings, seen.faults)).toBeGreaterThan(runs.numRuns / 30);
  });

  test('of random text gives settings or faults', () => {
    const wild = fc.dictionary(
      fc.oneof(fc.constantFrom(...NAMES, '__proto__', 'constructor'), fc.string()),
      fc.oneof(garbage, fc.string({ unit: 'binary' }), binding),
    );
    fc.assert(
      fc.property(wild, (given) => void parse(given)),
      inputs(2000),
    );
  });
});
