import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { type Environment } from '../../src/settings/environment.ts';
import { inputs } from '../fuzz.ts';

/** Everything that a log could show of an environment's faults, in lower case. */
function show(environment: Environment): string {
  try {
    parseSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return `${inspect(error)} ${JSON.stringify(error)}`.toLowerCase();
  }
  throw new Error('Expected faults but received settings');
}

describe('faults never show a token', () => {
  // The first is also a valid provider name. The last is percent-encoded.
  const secrets = ['zq5ecret-key', 'sk-Zq9.Secret_Key~7', 'zq%40Secret%2Fkey'];

  function expectNoSecret(environment: Environment, secret: string): void {
    const shown = show(environment);
    expect(shown).not.toContain(secret.toLowerCase());
    expect(shown).not.toContain(decodeURIComponent(secret).toLowerCase());
  }

  const entries: [string, (secret: string) => string][] = [
    ['no scheme', (s) => `lab=${s}@host`],
    ['another scheme', (s) => `lab=https://${s}@host`],
    ['a misspelt scheme', (s) => `lab=llama_swap://${s}@host`],
    ['a single slash', (s) => `lab=openai:/${s}@host`],
    ['a user and the token as password', (s) => `lab=openai://user:${s}@host`],
    ['the token as user and a password', (s) => `lab=openai://${s}:word@host`],
    ['no host', (s) => `lab=openai://${s}@`],
    ['a port out of range', (s) => `lab=openai://${s}@host:99999`],
    ['no @', (s) => `lab=openai://${s}`.concat('host:99999')],
    ['a colon in place of the @', (s) => `lab=openai://${s}:host`],
    ['an @ after the port', (s) => `lab=openai://host:80@${s}:x`],
    ['a slash in the token', (s) => `lab=openai://${s}/b@host lab=openai://a/${s}@host`],
    ['a question mark in the token', (s) => `lab=openai://${s}?b@host c=openai://a?${s}@host`],
    ['a hash in the token', (s) => `lab=openai://${s}#b@host c=openai://a#${s}`],
    ['an ampersand in the token', (s) => `lab=openai://a?b&${s}@host`],
    ['a space in the token', (s) => `lab=openai://a ${s}@host`],
    ['a line break after the token', (s) => `lab=openai://${s}\n@host`],
    ['a space before the token and "=" in it', (s) => `lab=openai:// ${s}=@host`],
    ['a space before the token and "==" at its end', (s) => `lab=openai://a ${s}== @host`],
    ['a broken percent sign in the token', (s) => `lab=openai://${s}%zz@host`],
    ['an encoded space in the token', (s) => `lab=openai://${s}%20b@host`],
    ['no name', (s) => `openai://${s}@host`],
    ['no name and "=" in the token', (s) => `openai://${s}=@host`],
    ['an invalid name', (s) => `Lab=openai://${s}@host`],
    ['the reserved name', (s) => `any=openai://${s}@host`],
    ['the name of another provider', (s) => `a=openai://a a=openai://${s}@host`],
    ['the name of the variable', (s) => `PROVIDERS=lab=openai://${s}@host`],
    ['quotation marks', (s) => `"lab=openai://${s}@host"`],
    ['quotation marks around its DSN', (s) => `lab="openai://${s}@host"`],
    ['commas between entries', (s) => `a=openai://a,b=openai://${s}@host`],
    ['an unknown option', (s) => `lab=openai://${s}@host?port=80`],
    ['a token option', (s) => `lab=openai://host?token=${s}`],
    ['the token as an option', (s) => `lab=openai://host?${s}`],
    ['the token as an option with "="', (s) => `lab=openai://host?${s}=`],
    ['an option after a semicolon', (s) => `lab=openai://host?timeout=5000;token=${s}`],
    ['an option after a comma', (s) => `lab=openai://host?context=5000,token=${s}`],
    ['the token in a sidecar', (s) => `lab=openai://host?sidecar=http://${s}@proxy`],
    [
      'the token in an encoded sidecar',
      (s) => `lab=openai://host?sidecar=http%3A%2F%2F${s}%40proxy`,
    ],
    ['the token in an invalid label', (s) => `lab=openai://host?label=${s}%07`],
  ];
  const json: [string, (secret: string) => string][] = [
    ['that is cut off', (s) => `[{"name":"lab","url":"openai://${s}@host"`],
    ['with a comma too many', (s) => `[{"name":"lab","url":"openai://${s}@host",}]`],
    ['with single quotes', (s) => `[{'name':'lab','url':'openai://${s}@host'}]`],
    ['with its url unquoted', (s) => `[{"name":"lab","url":openai://${s}@host}]`],
    ['of one object', (s) => `{"name":"lab","url":"openai://${s}@host"}`],
    ['of names and DSNs', (s) => `{"lab":"openai://${s}@host"}`],
    ['of entries', (s) => `["lab=openai://${s}@host"]`],
    ['of pairs', (s) => `[["lab","openai://${s}@host"]]`],
    ['with another scheme', (s) => `[{"name":"lab","url":"https://${s}@host"}]`],
    ['with a token field', (s) => `[{"name":"lab","url":"openai://host","token":"${s}"}]`],
    ['with a url of parts', (s) => `[{"name":"lab","url":{"token":"${s}"}}]`],
    ['with its DSN as a name', (s) => `[{"name":"openai://${s}@host","url":"lab"}]`],
    ['with its DSN as a field', (s) => `[{"name":"lab","openai://${s}@host":"url"}]`],
    [
      'with its DSN as a label',
      (s) => `[{"name":"lab","url":"a","label":"openai://${s}@host\\n"}]`,
    ],
    ['with a sidecar', (s) => `[{"name":"a","url":"openai://a","sidecar":"http://${s}@host"}]`],
    ['with a timeout', (s) => `[{"name":"a","url":"openai://a","timeoutMs":"${s}"}]`],
    ['with a user', (s) => `[{"name":"a","url":"openai://user:${s}@host"}]`],
  ];
  it.each(secrets.flatMap((s) => entries.map(([what, at]) => [what, s, at(s)] as const)))(
    'in an entry with %s: %s',
    (...[, secret, PROVIDERS]) => expectNoSecret({ PROVIDERS, PORT: 'x' }, secret),
  );
  it.each(secrets.flatMap((s) => json.map(([what, at]) => [what, s, at(s)] as const)))(
    'in JSON %s: %s',
    (...[, secret, PROVIDERS]) => expectNoSecret({ PROVIDERS, PORT: 'x' }, secret),
  );

  it.each<[string, Environment]>([
    ['of two words', { DEEPSEEK_API_KEY: 'zq5ecret-key two' }],
    ['with its authorization scheme', { DEEPSEEK_API_KEY: 'Bearer zq5ecret-key' }],
    ['with a letter beyond ASCII', { DEEPSEEK_API_KEY: 'zq5ecret-key\u2019' }],
    ['of DeepSeek, with another fault', { DEEPSEEK_API_KEY: 'zq5ecret-key', PORT: 'x' }],
    ['in the address of DeepSeek', { DEEPSEEK_BASE_URL: 'https://zq5ecret-key@api' }],
    ['in the query of that address', { DEEPSEEK_BASE_URL: 'https://api?key=zq5ecret-key' }],
    ['in a database address', { LIBSQL_URL: 'postgres://db?authToken=zq5ecret-key' }],
    [
      'in a valid database address, with another fault',
      { LIBSQL_URL: 'libsql://db?authToken=zq5ecret-key', PORT: 'x' },
    ],
    ['of the database, with another fault', { LIBSQL_AUTH_TOKEN: 'zq5ecret-key', PORT: 'x' }],
    ['of Paddock, of two words', { API_KEYS: 'zq5ecret-key two' }],
    ['of Paddock, with a letter beyond ASCII', { API_KEYS: 'a:zq5ecret-key\u2019' }],
    ['of Paddock, given twice', { API_KEYS: 'zq5ecret-key,a:zq5ecret-key' }],
    ['of Paddock, with a name given twice', { API_KEYS: 'a:zq5ecret-key,a:b' }],
    ['of Paddock, with an invalid name', { API_KEYS: 'A B:zq5ecret-key' }],
    ['of Paddock, with a colon in it', { API_KEYS: 'Zq5ecret-Key:b' }],
    ['of Paddock, in place of a name', { API_KEYS: 'zq5ecret-key:' }],
    ['of Paddock, with another fault', { API_KEYS: 'zq5ecret-key', PORT: 'x' }],
    [
      'of an administrator that is in API_KEYS too',
      { API_KEYS: 'zq5ecret-key', ADMIN_KEYS: 'zq5ecret-key' },
    ],
    ['for metrics, of two words', { METRICS_KEYS: 'a:zq5ecret-key two' }],
    ['in place of the path of its file', { API_KEYS_FILE: 'zq5ecret-key' }],
    ['of two lines', { LIBSQL_AUTH_TOKEN: 'zq5ecret-key\ntwo' }],
    ['of Paddock, among origins', { CORS_ORIGINS: 'zq5ecret-key,https://zq5ecret-key@a' }],
    ['of Paddock, among names', { ALLOWED_HOSTS: 'Zq5ecret-key,zq5ecret-key@a' }],
    [
      'of a provider in DEFAULT_PROVIDER, with an invalid DEFAULT_MODEL',
      {
        PROVIDERS: 'a=openai://a',
        DEFAULT_PROVIDER: 'openai://zq5ecret-key@b',
        DEFAULT_MODEL: 'm'.repeat(510),
      },
    ],
    ['of a provider, with another fault', { PROVIDERS: 'a=openai://zq5ecret-key@a', PORT: 'x' }],
  ])('in a key %s', (_, environment) => {
    expectNoSecret(environment, 'zq5ecret-key');
  });

  it.each(['DEFAULT_PROVIDER', 'MODEL_ALIASES', 'HOST', 'PORT', 'LOG_LEVEL', 'LIBSQL_URL'])(
    'in an entry of PROVIDERS in the variable %s',
    (name) => expectNoSecret({ [name]: 'lab=openai://zq5ecret-key@host' }, 'zq5ecret-key'),
  );

  test('in a value that is mangled around the token', () => {
    const texts = [
      ['a=openai://a?timeout=2500 lab=llama-swap://', '@desktop:8080/base?context=9 c=openai://c'],
      ['[{"name":"a","url":"openai://a"},{"name":"lab","url":"openai://', '@host","timeoutMs":9}]'],
    ] as const;
    const character = fc.constantFrom(...' \n=@/:?&#%;,"[]{}\\a7');
    const edit = fc.record({
      at: fc.nat({ max: 40 }),
      remove: fc.nat({ max: 3 }),
      insert: fc.string({ unit: character, maxLength: 2 }),
    });
    const edits = fc.array(edit, { maxLength: 3 });
    const mangle = (
      text: string,
      changes: readonly { at: number; remove: number; insert: string }[],
    ) => {
      let mangled = text;
      for (const { at, remove, insert } of changes) {
        const start = Math.round((at / 40) * mangled.length);
        mangled = mangled.slice(0, start) + insert + mangled.slice(start + remove);
      }
      return mangled;
    };
    const around = fc.record({
      text: fc.constantFrom(...texts),
      secret: fc.constantFrom(...secrets),
      left: edits,
      right: edits,
    });
    const property = fc.property(around, ({ text: [before, after], secret, left, right }) => {
      const PROVIDERS = mangle(before, left) + secret + mangle(after, right);
      expectNoSecret({ PROVIDERS, PORT: 'x' }, secret);
    });
    fc.assert(property, inputs(5000));
  });
});
