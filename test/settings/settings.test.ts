import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { parseSettings, type Settings } from '../../src/settings/settings.ts';
import { type Environment } from '../../src/settings/environment.ts';
import { deepseek } from '../../src/registry/kinds/deepseek.ts';
import { llamaSwap } from '../../src/registry/kinds/llama-swap.ts';
import { openai } from '../../src/registry/kinds/openai.ts';
import { inputs } from '../fuzz.ts';

function findFaults(environment: Environment): SettingsError {
  try {
    parseSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return error as SettingsError;
  }
  throw new Error('Expected faults but received settings');
}

function providersOf(environment: Environment) {
  return [...parseSettings(environment).registry.providers.values()];
}

const HOST = 'llama-swap://host';
const inJson = (...entries: unknown[]) => ({ PROVIDERS: JSON.stringify(entries) });
const named = (...names: string[]) => JSON.stringify(names.map((name) => ({ name, url: HOST })));

describe('PROVIDERS', () => {
  const lab = {
    name: 'lab',
    label: 'The lab',
    kind: llamaSwap,
    baseUrl: 'https://lab.lan/base',
    sidecarUrl: 'http://proxy:9000',
    token: 'k/ey',
    timeoutMs: 900,
    contextWindow: 32_768,
  };
  const url = 'llama-swaps://k%2Fey@lab.lan/base/v1';
  const query = 'label=The%20lab&sidecar=http://proxy:9000/&timeout=900&context=32768';
  const options = { label: 'The lab', timeoutMs: 900, contextWindow: 32_768 };
  it.each([
    ['entries', { PROVIDERS: `lab=${url}?${query}` }],
    ['JSON', inJson({ name: 'lab', url, sidecar: 'http://proxy:9000', ...options })],
    ['JSON with the options in its url', inJson({ name: 'lab', url: `${url}?${query}` })],
    [
      'JSON with options in both places',
      inJson({ name: 'lab', url: `${url}?sidecar=http://proxy:9000`, ...options }),
    ],
  ])('reads every option of a provider from %s', (_, environment) => {
    expect(providersOf(environment)).toEqual([lab]);
  });

  it.each([
    ['entries', { PROVIDERS: ` \n b=openai://b\t\r\n  a=${HOST} ` }],
    ['JSON', { PROVIDERS: ` [{"name":"b","url":"openai://b"},\n {"name":"a","url":"${HOST}"}]\n` }],
  ])('keeps the order of %s, and fills in defaults', (_, environment) => {
    const rest = { sidecarUrl: null, token: null, timeoutMs: 2000, contextWindow: null };
    expect(providersOf(environment)).toEqual([
      { name: 'b', label: 'b', kind: openai, baseUrl: 'http://b', ...rest },
      { name: 'a', label: 'a', kind: llamaSwap, baseUrl: 'http://host:8080', ...rest },
    ]);
  });

  it.each(['[]', '', ' \n'])('may be empty: "%s"', (text) => {
    expect(providersOf({ PROVIDERS: text })).toEqual([]);
  });

  test('accepts an "=" in a token', () => {
    expect(providersOf({ PROVIDERS: 'lab=openai://a=b==@host' })[0]?.token).toBe('a=b==');
  });

  const validNames = 'a 0 lab gpu-1.lan a_b a..b 127.0.0.1 constructor anyone'.split(' ');
  it.each([...validNames, 'a'.repeat(63)])('accepts the name %s', (name) => {
    expect(providersOf({ PROVIDERS: `${name}=${HOST}` })[0]?.name).toBe(name);
    expect(providersOf(inJson({ name, url: HOST }))[0]?.name).toBe(name);
  });

  const invalidNames = 'any Lab LAB -lab lab- .lab lab. _lab lab_ a/b a:b é __proto__'.split(' ');
  it.each([...invalidNames, 'a\n', 'a'.repeat(64)])('refuses the name %j', (name) => {
    const errors = [findFaults(inJson({ name, url: HOST }))];
    if (!/\s/u.test(name)) errors.push(findFaults({ PROVIDERS: `${name}=${HOST}` }));
    for (const { message } of errors) expect(message).toMatch(/PROVIDERS, entry 1: .*reserved/);
  });

  it.each([
    ['an entry without a name', `a=${HOST} ${HOST}`, /entry 2: .*name=DSN/],
    ['an empty name', `=${HOST}`, /entry 1: .*name=DSN/],
    ['an entry without a DSN', 'lab=', /entry 1.*: .*scheme:\/\//],
    ['a name twice', `a=${HOST} a=${HOST}`, /entry 2 "a": .*no earlier entry/],
    ['an invalid DSN', 'a=http://host', /entry 1 "a": .*llama-swaps/],
    ['an invalid option', `a=${HOST}?timeout=2s`, /entry 1 "a": .*"timeout"/],
    ['JSON that is cut off', '[{"name":"a"', /PROVIDERS: .*not valid JSON/],
    ['an object in place of an array', '{"name":"a"}', /entry 1: expected/],
    ['a name twice in JSON', named('a', 'b', 'b'), /entry 3 "b": .*no earlier entry/],
    ['a JSON entry that is a string', JSON.stringify([`a=${HOST}`]), /entry 1: .*\{name, url/],
    ['an entry that is null', '[null]', /entry 1: .*\{name, url/],
    ['an entry that is an array', '[[]]', /entry 1: .*expected/],
    ['a field named __proto__', named('a').replace('}', ',"__proto__":{}}'), /"__proto__"/],
  ])('is refused with %s', (...[, PROVIDERS, line]) => {
    const { message, faults } = findFaults({ PROVIDERS });
    expect(message).toMatch(line);
    for (const fault of faults) expect(fault.variable).toBe('PROVIDERS');
  });

  it.each<[string, object, RegExp]>([
    ['an unknown field', { token: 'k' }, /"token"/],
    ['a field of the object prototype', { constructor: 1 }, /"constructor"/],
    ['no url', { url: undefined }, /"url": expected (?!Invalid)/],
    ['a url that is null', { url: null }, /"url": expected a DSN/],
    ['an empty label', { label: ' ' }, /"label": expected a text/],
    ['a label that is a number', { label: 7 }, /"label": expected a string/],
    ['a timeout in a string', { timeoutMs: '9' }, /"timeoutMs": .*1 to 600000/],
    ['a timeout of 0', { timeoutMs: 0 }, /"timeoutMs": .*1 to 600000/],
    ['a timeout with a fraction', { timeoutMs: 1.5 }, /"timeoutMs": .*1 to 600000/],
    ['a timeout over ten minutes', { timeoutMs: 600_001 }, /"timeoutMs": .*1 to 600000/],
    ['a context of 0', { contextWindow: 0 }, /"contextWindow": expected a whole number/],
    ['a sidecar that is a DSN', { sidecar: HOST }, /"sidecar": expected http/],
    ['a label given twice', { url: `${HOST}?label=A`, label: 'A' }, /"label".*twice/],
    ['a timeout given twice', { url: `${HOST}?timeout=9`, timeoutMs: 9 }, /"timeoutMs".*twice/],
    [
      'a sidecar given twice',
      { url: `${HOST}?sidecar=http://b`, sidecar: 'http://b' },
      /"sidecar".*twice/,
    ],
  ])('is refused in JSON with %s', (...[, fields, message]) => {
    const { faults } = findFaults(inJson({ name: 'a', url: HOST, ...fields }));
    expect(faults).toMatchObject([{ variable: 'PROVIDERS', entry: 'entry 1 "a"' }]);
    expect(faults[0]?.message).toMatch(message);
  });

  it.each<[unknown]>([[undefined], [null], [-7], [{}], [[]], [{ toString: 1 }]])(
    'is refused with the name %j',
    (name) => {
      const { message } = findFaults(inJson({ name, url: HOST }));
      expect(message).toMatch(/PROVIDERS, entry 1.*: "name": expected (?!Invalid)/);
    },
  );

  test('names every unknown field of an entry', () => {
    const { message } = findFaults(inJson({ name: 'a', url: HOST, token: 'k', port: 1 }));
    expect(message).toMatch(/"token"/);
    expect(message).toMatch(/"port"/);
  });

  test('reports all faults of an entry at once, in its fields and in its url', () => {
    const { message } = findFaults(inJson({ name: 'A', url: 'http://a', timeoutMs: '9', port: 1 }));
    for (const part of [/reserved/, /"timeoutMs"/, /"port"/, /llama-swaps/]) {
      expect(message).toMatch(part);
    }
  });

  test('throws nothing but faults, for any JSON', () => {
    const key = fc.constantFrom('name', 'url', 'label', 'sidecar', 'timeoutMs', 'contextWindow');
    const value = fc.oneof(fc.jsonValue(), fc.constant(HOST), fc.constant({ toString: null }));
    const entry = fc.oneof(fc.jsonValue(), fc.dictionary(key, value));
    const property = fc.property(fc.array(entry, { minLength: 1 }), (entries) => {
      expect(findFaults(inJson(...entries, 'faulty')).faults).not.toEqual([]);
    });
    fc.assert(property, inputs(500));
  });
});

describe('DEEPSEEK_API_KEY', () => {
  test('adds a provider at the end', () => {
    const environment = {
      PROVIDERS: `b=${HOST}`,
      DEEPSEEK_API_KEY: ' sk-1 ',
      PROBE_TIMEOUT_MS: '7',
    };
    const { providers, defaultProvider } = parseSettings(environment).registry;
    expect([...providers.keys()]).toEqual(['b', 'deepseek']);
    expect(defaultProvider).toBe('b');
    expect(providers.get('deepseek')).toEqual({
      name: 'deepseek',
      label: 'DeepSeek',
      kind: deepseek,
      baseUrl: 'https://api.deepseek.com',
      sidecarUrl: null,
      token: 'sk-1',
      timeoutMs: 7,
      contextWindow: null,
    });
  });

  test('adds a provider that serves no bare IDs', () => {
    expect(parseSettings({ DEEPSEEK_API_KEY: 'k' }).registry.defaultProvider).toBeNull();
    const { message } = findFaults({ DEEPSEEK_API_KEY: 'k', DEFAULT_MODEL: 'deepseek-chat' });
    expect(message).toMatch(/DEFAULT_MODEL/);
  });

  test('is sent to DEEPSEEK_BASE_URL', () => {
    const environment = { DEEPSEEK_API_KEY: 'k', DEEPSEEK_BASE_URL: ' http://127.0.0.1:9/x/v1/ ' };
    expect(providersOf(environment)[0]?.baseUrl).toBe('http://127.0.0.1:9/x');
  });

  test('refuses another provider of that name, and names its entry', () => {
    const environment = { PROVIDERS: `a=${HOST} deepseek=${HOST}`, DEEPSEEK_API_KEY: 'k' };
    const { message } = findFaults(environment);
    expect(message).toMatch(/PROVIDERS.*DEEPSEEK_API_KEY.*"deepseek"/);
    expect(message).toMatch(/PROVIDERS, entry 2/);
  });
});

describe('DEFAULT_PROVIDER', () => {
  const PROVIDERS = `a=openai://a b=${HOST}`;
  it.each([
    ['the first local entry', { PROVIDERS, DEEPSEEK_API_KEY: 'k' }, 'a'],
    ['the entry that it names', { PROVIDERS, DEFAULT_PROVIDER: ' b ' }, 'b'],
    ['null without providers', {}, null],
  ])('is %s', (...[, environment, name]) => {
    expect(parseSettings(environment).registry.defaultProvider).toBe(name);
  });

  it.each([
    ['a cloud provider', { PROVIDERS, DEEPSEEK_API_KEY: 'k', DEFAULT_PROVIDER: 'deepseek' }],
    ['an unknown provider', { PROVIDERS, DEFAULT_PROVIDER: 'c' }],
    ['a provider when there is none', { DEFAULT_PROVIDER: 'a' }],
  ])('cannot be %s', (_, environment) => {
    const { faults } = findFaults(environment);
    expect(faults).toMatchObject([{ variable: 'DEFAULT_PROVIDER' }]);
    expect(faults[0]?.message).toMatch(/expected (one of a, b|a local provider)/);
  });

  test('has no fault when the entry that it names is invalid', () => {
    const { faults } = findFaults({ PROVIDERS: 'a=http://a', DEFAULT_PROVIDER: 'a' });
    expect(faults.map(({ variable }) => variable)).toEqual(['PROVIDERS']);
  });
});

describe('MODEL_ALIASES', () => {
  const PROVIDERS = `a=${HOST} b=${HOST}`;

  test('are read as alias and composite ID', () => {
    const MODEL_ALIASES = ' fast=a/q:8b  vendor/m=b/x/y=z\n__proto__=a/p ';
    expect([...parseSettings({ PROVIDERS, MODEL_ALIASES }).registry.aliases]).toEqual([
      ['fast', 'a/q:8b'],
      ['vendor/m', 'b/x/y=z'],
      ['__proto__', 'a/p'],
    ]);
  });

  it.each([
    ['no target', 'x=a/b fast', /entry 2.*: .*alias=provider\/model/],
    ['an empty alias', '=a/b', /entry 1.*: .*alias=provider\/model/],
    ['an empty target', 'fast=', /entry 1.*: .*alias=provider\/model/],
    ['an alias of a provider', 'a/fast=b/q', /entry 1 .*: .*may not begin/],
    ['a bare target', 'fast=q', /entry 1 .*: .*its target/],
    ['a target of an unknown provider', 'fast=c/q', /entry 1 .*: .*its target/],
    ['a target without a model', 'fast=a/', /entry 1 .*: .*its target/],
    ['a target that is an alias', 'fast=a/q faster=fast', /entry 2.*: .*its target/],
    ['an alias given twice', 'fast=a/q fast=b/q', /entry 2.*: .*no earlier entry/],
    ['an alias too long', `${'m'.repeat(513)}=a/q`, /entry 1 .*: .*512/],
    ['a target too long', `fast=a/${'m'.repeat(511)}`, /entry 1 .*: .*512/],
    ['a control character', 'fa\u0007st=a/q', /entry 1 .*: .*control/],
  ])('are refused with %s', (...[, MODEL_ALIASES, line]) => {
    const { message, faults } = findFaults({ PROVIDERS, MODEL_ALIASES });
    expect(faults).toMatchObject([{ variable: 'MODEL_ALIASES' }]);
    expect(message).toMatch(line);
  });

  test('accept models of DeepSeek', () => {
    const environment = { DEEPSEEK_API_KEY: 'k', MODEL_ALIASES: 'smart=deepseek/chat' };
    expect(parseSettings(environment).registry.aliases.get('smart')).toBe('deepseek/chat');
  });
});

describe('DEFAULT_MODEL', () => {
  const rest = { PROVIDERS: `a=${HOST} b=${HOST}`, MODEL_ALIASES: 'fast=b/q' };
  it.each([
    ['b/x/y', 'b/x/y'],
    [' q:8b ', 'a/q:8b'],
    ['fast', 'b/q'],
    [' ', null],
    [undefined, null],
  ])('%j resolves to %s', (DEFAULT_MODEL, id) => {
    expect(parseSettings({ ...rest, DEFAULT_MODEL }).roles.default?.id ?? null).toBe(id);
  });

  it.each(['a/', 'm'.repeat(511), 'a\0b'])(
    'is refused when it is not a valid ID',
    (DEFAULT_MODEL) => {
      expect(findFaults({ ...rest, DEFAULT_MODEL }).faults).toMatchObject([
        { variable: 'DEFAULT_MODEL' },
      ]);
    },
  );
});

describe('the roles', () => {
  const rest = { PROVIDERS: `a=${HOST} b=${HOST}`, MODEL_ALIASES: 'fast=b/q' };
  const read = (environment: Record<string, string>) => {
    const { roles } = parseSettings({ ...rest, ...environment });
    const { arena, ...others } = roles;
    const ids = Object.entries(others).map(([role, resolved]) => [role, resolved?.id ?? null]);
    return { ...Object.fromEntries(ids), arena: arena.map(({ id, via }) => [id, via]) };
  };

  it.each([
    ['are null when nothing is set', {}, [null, null, null]],
    ['fall back to the default', { DEFAULT_MODEL: 'x' }, ['a/x', 'a/x', 'a/x']],
    ['do not become the default', { TASK_MODEL: 'fast' }, [null, 'b/q', null]],
    [
      'are set one by one',
      { DEFAULT_MODEL: 'x', TASK_MODEL: 'b/y', COMPACTION_MODEL: 'fast' },
      ['a/x', 'b/y', 'b/q'],
    ],
  ])('%s', (...[, environment, [fallback, task, compaction]]) => {
    expect(read(environment)).toEqual({ default: fallback, task, compaction, arena: [] });
  });

  it('have an arena of all set models, in their order', () => {
    expect(read({ ARENA_MODELS: ' b/org/y, fast,, x ,' })['arena']).toEqual([
      ['b/org/y', 'composite'],
      ['b/q', 'alias'],
      ['a/x', 'bare'],
    ]);
  });

  it('report faults by variable, all at once', () => {
    const { faults } = findFaults({
      ...rest,
      TASK_MODEL: 'a/',
      COMPACTION_MODEL: 'm'.repeat(513),
      ARENA_MODELS: 'x,b/',
    });
    expect(faults.map(({ variable, entry }) => [variable, entry])).toEqual([
      ['TASK_MODEL', undefined],
      ['COMPACTION_MODEL', undefined],
      ['ARENA_MODELS', 'entry 2'],
    ]);
  });

  it('are null without a provider, and have no fault', () => {
    const { roles } = parseSettings({ DEFAULT_MODEL: 'x', ARENA_MODELS: 'x' });
    expect(roles).toEqual({ default: null, task: null, compaction: null, arena: [] });
  });
});

describe('a variable', () => {
  const defaults = {
    roles: { default: null, task: null, compaction: null, arena: [] },
    database: { url: null, authToken: null },
    host: '127.0.0.1',
    port: 8400,
    apiKeys: [],
    corsOrigins: [],
    allowedHosts: ['127.0.0.1'],
    catalogTtlMs: 5000,
    maxBodyBytes: 67_108_864,
    logLevel: 'info',
  };
  const names = [
    'PROVIDERS DEFAULT_PROVIDER DEFAULT_MODEL TASK_MODEL COMPACTION_MODEL ARENA_MODELS MODEL_ALIASES',
    'DEEPSEEK_API_KEY DEEPSEEK_BASE_URL API_KEYS CORS_ORIGINS ALLOWED_HOSTS',
    'LIBSQL_URL LIBSQL_AUTH_TOKEN HOST PORT PROBE_TIMEOUT_MS CATALOG_TTL_MS MAX_BODY_BYTES LOG_LEVEL',
  ].flatMap((line) => line.split(' '));
  it.each([
    ['is not set', {}],
    ['is blank', Object.fromEntries(names.map((name) => [name, ' \t']))],
    ['is a binding of Workers', Object.fromEntries(names.map((name) => [name, {}]))],
  ])('has its default when it %s', (_, environment) => {
    expect(parseSettings(environment)).toMatchObject(defaults);
  });

  it.each<[string, string, Partial<Settings>]>([
    ['HOST', ' 0.0.0.0 ', { host: '0.0.0.0' }],
    ['HOST', '::1', { host: '::1' }],
    ['PORT', ' 0 ', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    ['CATALOG_TTL_MS', '0', { catalogTtlMs: 0 }],
    ['MAX_BODY_BYTES', '1', { maxBodyBytes: 1 }],
    ['LOG_LEVEL', 'debug', { logLevel: 'debug' }],
    ['LOG_LEVEL', ' error', { logLevel: 'error' }],
    ['LIBSQL_URL', 'file:data/p.db', { database: { url: 'file:data/p.db', authToken: null } }],
    ['LIBSQL_URL', 'libsql://db.eu', { database: { url: 'libsql://db.eu', authToken: null } }],
    ['LIBSQL_URL', 'https://db.eu', { database: { url: 'https://db.eu', authToken: null } }],
    ['LIBSQL_URL', 'http://db:8080', { database: { url: 'http://db:8080', authToken: null } }],
    ['LIBSQL_AUTH_TOKEN', ' jwt ', { database: { url: null, authToken: 'jwt' } }],
  ])('%s accepts "%s"', (...[name, value, expected]) => {
    expect(parseSettings({ [name]: value })).toMatchObject(expected);
  });

  const notWhole = ['-1', '1.5', '1e3', '0x10', 'many', '1 2', '٣', '9999999999999'];
  it.each([
    ...notWhole.flatMap((value) =>
      ['PORT', 'PROBE_TIMEOUT_MS', 'CATALOG_TTL_MS', 'MAX_BODY_BYTES'].map((name) => [name, value]),
    ),
    ['PORT', '65536'],
    ['PROBE_TIMEOUT_MS', '0'],
    ['MAX_BODY_BYTES', '0'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_LEVEL', 'INFO '],
    ['HOST', 'http://host'],
    ['HOST', 'a b'],
    ['LIBSQL_URL', 'data/p.db'],
    ['LIBSQL_URL', 'postgres://db'],
    ['LIBSQL_URL', 'file:'],
    ['DEEPSEEK_BASE_URL', 'api.deepseek.com'],
    ['DEEPSEEK_BASE_URL', 'https://key@api.deepseek.com'],
    ['DEEPSEEK_BASE_URL', 'https://api.deepseek.com?a=1'],
    ['DEEPSEEK_API_KEY', 'a b'],
    ['DEEPSEEK_API_KEY', 'clé'],
  ] as [string, string][])('%s refuses "%s"', (name, value) => {
    const { faults } = findFaults({ [name]: value });
    expect(faults).toMatchObject([{ variable: name }]);
    expect(faults[0]?.message).toMatch(/^expected /);
  });
});

test('a message escapes line breaks and control characters of a value', () => {
  const { message } = findFaults({ LOG_LEVEL: 'a\n\u001b[2J\u009b\u007f\u2028b' });
  expect(message).toContain(String.raw`"a\n\u001b[2J\u009b\u007f\u2028b"`);
});

test('all faults are reported at once, with variable and entry', () => {
  const error = findFaults({
    PROVIDERS: `a=http://a Lab=${HOST}?x=1 c=${HOST} c=${HOST}`,
    DEFAULT_PROVIDER: 'missing',
    DEFAULT_MODEL: 'c/',
    MODEL_ALIASES: 'fast=c/q slow',
    DEEPSEEK_API_KEY: 'a b',
    DEEPSEEK_BASE_URL: 'nowhere',
    LIBSQL_URL: 'nowhere',
    HOST: '/',
    PORT: 'x',
    PROBE_TIMEOUT_MS: 'x',
    CATALOG_TTL_MS: 'x',
    MAX_BODY_BYTES: 'x',
    LOG_LEVEL: 'x',
    API_KEYS: 'a b,c',
    CORS_ORIGINS: '*',
    ALLOWED_HOSTS: 'a,B',
  });
  const lines = error.message.split('\n').slice(1);
  expect(lines).toHaveLength(error.faults.length);
  const places = lines
    .map((line) => line.slice(0, line.indexOf(': ')).trim())
    .map((where) => where.replace(/(ALIASES, entry \d).*/, '$1'));
  expect(places.toSorted()).toEqual([
    'ALLOWED_HOSTS, entry 2',
    'API_KEYS, entry 1',
    'CATALOG_TTL_MS',
    'CORS_ORIGINS, entry 1',
    ...'DEEPSEEK_API_KEY DEEPSEEK_BASE_URL DEFAULT_MODEL'.split(' '),
    ...'DEFAULT_PROVIDER HOST LIBSQL_URL LOG_LEVEL MAX_BODY_BYTES'.split(' '),
    'MODEL_ALIASES, entry 2',
    'PORT',
    'PROBE_TIMEOUT_MS',
    'PROVIDERS, entry 1 "a"',
    'PROVIDERS, entry 2',
    'PROVIDERS, entry 2',
    'PROVIDERS, entry 4 "c"',
  ]);
});

test('settings are frozen', () => {
  const settings = parseSettings({
    PROVIDERS: `a=${HOST}`,
    DEEPSEEK_API_KEY: 'k',
    API_KEYS: 'k',
    CORS_ORIGINS: 'https://a.example',
  });
  const { registry, database, apiKeys, corsOrigins } = settings;
  const values = [...registry.providers.values(), ...apiKeys];
  for (const part of [settings, registry, database, apiKeys, corsOrigins, ...values]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});
