import * as fc from 'fast-check';
import { stripComments } from 'jsonc-parser';
import { describe, expect, it, test } from 'vitest';
import type { OpencodeConfig } from '../../src/catalog/opencode-schema.ts';
import { mergeOpencode } from '../../src/cli/merge-opencode.ts';
import { inputs } from '../fuzz.ts';
import { config, expectKept, file, layout, merge, readJsonc } from './opencode-fixture.ts';

/** JSON as an editor formats it. */
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

describe('mergeOpencode', () => {
  it.each([
    ['no characters', ''],
    ['white space', ' \r\n\t'],
    ['an empty object', '{}\n'],
    ['an empty object of two lines', '{\n}\n'],
  ])('writes the whole configuration into a file with %s', (_what, text) => {
    const merged = merge(text);
    expect(JSON.parse(merged.text)).toEqual(config);
    expect(merged.text.trimEnd()).toBe(pretty(config).trimEnd());
    expect(merged.changes).toEqual([
      'added $schema',
      'added provider, with 2 models',
      'added model',
    ]);
  });

  it('does not change a file that has everything', () => {
    const text = JSON.stringify(config);
    expect(merge(text)).toEqual({ text, changes: [] });
  });

  it('keeps every character of a user’s own settings', () => {
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

  it('updates the address of Paddock and adds new models, and keeps options and models', () => {
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

  it('adds the catalog’s fields to models that are `{}`', () => {
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
    ['no provider', { provider: {} }],
  ])('completes a file with %s', (_what, value) => {
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
  ])('keeps a layout with %s', (_what, text, pattern) => {
    expect(merge(text).text).toMatch(pattern);
  });

  it.each(['\n', '\r\n', '\r'])('keeps %j as the only line break', (eol) => {
    const merged = merge(pretty({ provider: { other: {} } }).replaceAll('\n', eol));
    expect(merged.text.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
    expect(merged.text.endsWith(`}${eol}`)).toBe(true);
  });

  it.each(['', '{}', '{"provider":{}}', pretty({ theme: 'a' })])(
    'keeps a byte order mark before %j',
    (text) => {
      expect(merge(`\u{feff}${text}`).text).toBe(`\u{feff}${merge(text).text}`);
    },
  );

  it('adds no final line break', () => {
    expect(merge('{\n  "theme": "a"\n}').text.endsWith('}')).toBe(true);
  });
});

describe('mergeOpencode refuses a file', () => {
  it.each([
    [
      'with a comment that does not end',
      '{"a": 1} /* mine',
      /unexpected end of comment at line 1\b/,
    ],
    ['that is truncated', '{\n  "a": {', /close brace expected at line 2, column 9\b/],
    ['with a value missing', '{"a": }', /value expected at line 1, column 7\b/],
    ['with a comma missing', '{"a": 1\n "b": 2}', /comma expected at line 2, column 2\b/],
    ['with a colon missing', '{"a" 1}', /colon expected at line 1, column 6\b/],
    ['with a key without quotes', '{a: 1}', /invalid symbol at line 1, column 2\b/],
    ['with single quotes', "{'a': 1}", /invalid symbol at line 1, column 2\b/],
    ['with a second value', '{} {}', /end of file expected at line 1, column 4\b/],
    [
      'with a line break in a string',
      '{"a": "b\n"}',
      /unexpected end of string at line 1, column 7\b/,
    ],
    ['with an invalid escape', '{"a": "\\x"}', /invalid escape character at line 1, column 7\b/],
    ['whose top level is a list', '\n[]', /the top level is not an object, at line 2, column 1\b/],
    ['whose top level is null', 'null', /the top level is not an object/],
    [
      'whose provider is null',
      '{\n "provider": null}',
      /"provider" is not an object, at line 2, column 14\b/,
    ],
    ['whose provider is a list', '{"provider": []}', /"provider" is not an object/],
    [
      'whose Paddock is a string',
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

  it('with a byte order mark, which counts as no column', () => {
    expect(mergeOpencode('\u{feff}{"a" 1}', config)).toMatchObject({
      message: expect.stringContaining('line 1, column 6'),
    });
  });
});

describe('mergeOpencode with any object', () => {
  test('keeps its values in their order, and changes nothing the second time', () => {
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

  test('merges only into text that is JSON with comments and trailing commas', () => {
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
