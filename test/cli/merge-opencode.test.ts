import * as fc from 'fast-check';
import { stripComments } from 'jsonc-parser';
import { describe, expect, it, test } from 'vitest';
import type { OpencodeConfig } from '../../src/catalog/opencode-schema.ts';
import { mergeOpencode } from '../../src/cli/merge-opencode.ts';
import { inputs } from '../fuzz.ts';
import { config, expectKept, file, layout, merge, readJsonc } from './opencode-fixture.ts';

/** A file as an editor writes it. */
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

describe('a file', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \r\n\t'],
    ['an empty object', '{}\n'],
    ['an empty object of two lines', '{\n}\n'],
  ])('with %s in it becomes the configuration', (_what, text) => {
    const merged = merge(text);
    expect(JSON.parse(merged.text)).toEqual(config);
    expect(merged.text.trimEnd()).toBe(pretty(config).trimEnd());
    expect(merged.changes).toEqual([
      'added $schema',
      'added provider, with 2 models',
      'added model',
    ]);
  });

  it('that has all of it stays as it is', () => {
    const text = JSON.stringify(config);
    expect(merge(text)).toEqual({ text, changes: [] });
  });

  it('of somebody’s own keeps every character of it', () => {
    const text = `{
    "theme":   "tokyonight",
    "model": "llama-swap/qwen3",
    "small_model": "llama-swap/tiny",
    "plugin": ["a", "b"], "numbers": [1.0, 1e3, -0, 12345678901234567890],
    "provider": {
        "llama-swap": { "npm": "@ai-sdk/openai-compatible", "models": { "qwen3": {} } }
    },
    "escaped": "\\u00e9\\/"
}`;
    expect(merge(text, { ...config, small_model: 'paddock/desk/a' })).toEqual({
      changes: ['added provider.paddock, with 2 models', 'added $schema'],
      text: `{
    "theme":   "tokyonight",
    "model": "llama-swap/qwen3",
    "small_model": "llama-swap/tiny",
    "plugin": ["a", "b"], "numbers": [1.0, 1e3, -0, 12345678901234567890],
    "provider": {
        "llama-swap": { "npm": "@ai-sdk/openai-compatible", "models": { "qwen3": {} } },
        "paddock": {
            "npm": "@ai-sdk/openai-compatible",
            "name": "Paddock",
            "options": {
                "baseURL": "http://127.0.0.1:8400/v1",
                "headerTimeout": false
            },
            "models": {
                "desk/a": {
                    "name": "A (Desk)",
                    "limit": {
                        "context": 32768,
                        "output": 6192
                    }
                },
                "lab/vendor/B 8B:Q4": {
                    "name": "B \\"large\\" (Lab)"
                }
            }
        }
    },
    "escaped": "\\u00e9\\/",
    "$schema": "https://opencode.ai/config.json"
}`,
    });
  });

  it('that has Paddock keeps its options and models, and gets the address and what is new', () => {
    const text = `{
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "paddock": {
      "npm": "@ai-sdk/openai",
      "name": "My models",
      "options": { "baseURL": "http://key@old:8400/v1", "apiKey": "{env:KEY}", "headerTimeout": 9 },
      "models": {
        "desk/a": { "name": "Mine", "options": { "temperature": 0.10 } },
        "gone/c": {}
      }
    }
  },
  "model": "paddock/gone/c"
}
`;
    expect(merge(text)).toEqual({
      changes: [
        'set provider.paddock.options.baseURL to http://127.0.0.1:8400/v1',
        'added limit to the model desk/a',
        'added the model lab/vendor/B 8B:Q4',
      ],
      text: `{
  "$schema": "https://opencode.ai/config.json",
  "provider": {
    "paddock": {
      "npm": "@ai-sdk/openai",
      "name": "My models",
      "options": { "baseURL": "http://127.0.0.1:8400/v1", "apiKey": "{env:KEY}", "headerTimeout": 9 },
      "models": {
        "desk/a": { "name": "Mine", "options": { "temperature": 0.10 },
          "limit": {
            "context": 32768,
            "output": 6192
          }
        },
        "gone/c": {},
        "lab/vendor/B 8B:Q4": {
          "name": "B \\"large\\" (Lab)"
        }
      }
    }
  },
  "model": "paddock/gone/c"
}
`,
    });
  });

  it('that lists models as `{}` gets what the catalog knows of them', () => {
    const merged = merge(
      pretty({ provider: { paddock: { models: { 'lab/vendor/B 8B:Q4': {}, 'desk/a': null } } } }),
    );
    expect(JSON.parse(merged.text)).toMatchObject({
      provider: {
        paddock: { models: { 'lab/vendor/B 8B:Q4': { name: 'B "large" (Lab)' }, 'desk/a': null } },
      },
    });
    expect(merged.changes).toContain('added name to the model lab/vendor/B 8B:Q4');
  });

  it.each([
    ['an address of another type', { provider: { paddock: { options: { baseURL: null } } } }],
    ['no options', { provider: { paddock: { npm: 'own' } } }],
    ['no models', { provider: { paddock: { options: {} } } }],
    ['empty objects', { provider: { paddock: { options: {}, models: {} } } }],
    ['no Paddock', { provider: {} }],
  ])('with %s is completed', (_what, value) => {
    expect(JSON.parse(merge(pretty(value)).text)).toMatchObject({
      provider: {
        paddock: {
          options: config.provider.paddock.options,
          models: config.provider.paddock.models,
        },
      },
    });
  });

  it.each([
    ['tabs', '{\n\t"theme": "a",\n\t"provider": {}\n}\n', /^\t\t\t"npm"/mu],
    ['three spaces', '{\n   "provider": {\n   }\n}', /^ {9}"npm"/mu],
    [
      'no line breaks',
      '{"provider":{"x":{}},"model":"x/y"}',
      /^\{"provider":\{"x":\{\},"paddock": \{"npm":[^\n]*\}$/u,
    ],
  ])('laid out with %s stays so', (_what, text, laidOut) => {
    expect(merge(text).text).toMatch(laidOut);
  });

  it.each(['\n', '\r\n', '\r'])('with %j at the end of its lines gets no other', (eol) => {
    const merged = merge(pretty({ provider: { other: {} } }).replaceAll('\n', eol));
    expect(merged.text.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
    expect(merged.text.endsWith(`}${eol}`)).toBe(true);
  });

  it.each(['', '{}', '{"provider":{}}', pretty({ theme: 'a' })])(
    'with a byte order mark before %j keeps it',
    (text) => {
      expect(merge(`\u{feff}${text}`).text).toBe(`\u{feff}${merge(text).text}`);
    },
  );

  it('without a final line break gets none', () => {
    expect(merge('{\n  "theme": "a"\n}').text.endsWith('}')).toBe(true);
  });
});

describe('a file is refused, and left to its owner,', () => {
  it.each([
    [
      'with a comment that does not end',
      '{"a": 1} /* mine',
      /unexpected end of comment at line 1\b/,
    ],
    ['that is cut off', '{\n  "a": {', /close brace expected at line 2, column 9\b/],
    ['with a value missing', '{"a": }', /value expected at line 1, column 7\b/],
    ['with a comma missing', '{"a": 1\n "b": 2}', /comma expected at line 2, column 2\b/],
    ['with a colon missing', '{"a" 1}', /colon expected at line 1, column 6\b/],
    ['with a name that has no quotes', '{a: 1}', /invalid symbol at line 1, column 2\b/],
    ['with single quotes', "{'a': 1}", /invalid symbol at line 1, column 2\b/],
    ['with a second value', '{} {}', /end of file expected at line 1, column 4\b/],
    [
      'with a line break in a text',
      '{"a": "b\n"}',
      /unexpected end of string at line 1, column 7\b/,
    ],
    [
      'with an escape that is none',
      '{"a": "\\x"}',
      /invalid escape character at line 1, column 7\b/,
    ],
    ['whose top level is a list', '\n[]', /the top level is not an object, at line 2, column 1\b/],
    ['whose top level is null', 'null', /the top level is not an object/],
    [
      'whose provider is null',
      '{\n "provider": null}',
      /"provider" is not an object, at line 2, column 14\b/,
    ],
    ['whose provider is a list', '{"provider": []}', /"provider" is not an object/],
    [
      'whose Paddock is a text',
      '{"provider": {"paddock": "x"}}',
      /"provider\.paddock" is not an object/,
    ],
    [
      'whose options are a list',
      '{"provider": {"paddock": {"options": []}}}',
      /"provider\.paddock\.options" is not an object/,
    ],
    [
      'whose models are a list',
      '{"provider": {"paddock": {"models": ["a"]}}}',
      /"provider\.paddock\.models" is not an object/,
    ],
    [
      'with two providers of one name',
      '{"provider": {"paddock": {},\n"paddock": {}}}',
      /"provider" has the key "paddock" twice, again at line 2, column 1\b/,
    ],
    [
      'with a key twice in another spelling',
      '{"provider": {}, "provide\\u0072": {}}',
      /the top level has the key "provider" twice/,
    ],
    [
      'with an option twice',
      '{"provider": {"paddock": {"options": {"baseURL": "a", "baseURL": "b"}}}}',
      /"provider\.paddock\.options" has the key "baseURL" twice/,
    ],
  ])('%s', (_what, text, message) => {
    const outcome = mergeOpencode(text, config);
    expect(outcome).toEqual({ ok: false, message: expect.stringMatching(message) });
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/left untouched.*`paddock opencode`/),
    });
  });

  it('with a byte order mark too, which stands in no column', () => {
    expect(mergeOpencode('\u{feff}{"a" 1}', config)).toMatchObject({
      message: expect.stringContaining('line 1, column 6'),
    });
  });
});

describe('any object', () => {
  test('keeps all that it holds, in its order, and nothing changes the second time', () => {
    const property = fc.property(file, layout, (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const merged = merge(text);
      const after = JSON.parse(merged.text) as OpencodeConfig;
      expectKept(JSON.parse(text), after);
      expect(after.provider.paddock.options.baseURL).toBe('http://127.0.0.1:8400/v1');
      expect(after.provider.paddock.models).toHaveProperty([`lab/vendor/B 8B:Q4`]);
      expect(merged.changes.length === 0).toBe(merged.text === text);
    });
    fc.assert(property, inputs(500));
  });

  test('whatever text is given, it is merged into only where it is JSON, comments and trailing commas aside', () => {
    const scraps = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      ',',
      '1',
      '-',
      '01',
      '.5',
      'null',
      ' ',
      '\n',
      '\u00a0',
      '\t',
      '//',
      '/* */',
      '"\t"',
      '1e',
      '"\\u12"',
      'NaN',
    );
    const text = fc.oneof(
      fc.array(scraps, { minLength: 1 }).map((parts) => parts.join('')),
      fc.array(scraps).map((parts) => `{"a":${parts.join('')}}`),
    );
    const property = fc.property(text, (written) => {
      const outcome = mergeOpencode(written, config);
      if (!outcome.ok || written.trim() === '') return;
      const plain = stripComments(written).replaceAll(/,(?=\s*[}\]])/gu, '');
      expect(() => JSON.parse(plain)).not.toThrow();
      expect(() => readJsonc(outcome.text)).not.toThrow();
    });
    fc.assert(property, inputs(5000));
  });
});
