import * as fc from 'fast-check';
import { createScanner } from 'jsonc-parser';
import { describe, expect, it, test } from 'vitest';
import { inputs } from '../fuzz.ts';
import { config, expectKept, file, layout, merge, readJsonc } from './opencode-fixture.ts';

/** The comments of a text, and the tokens between them. */
function readTokens(text: string): { comments: string[]; tokens: string[] } {
  const scanner = createScanner(text);
  const comments: string[] = [];
  const tokens: string[] = [];
  for (let end = 0; end < text.length; end = scanner.getPosition()) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const token = text.slice(offset, offset + scanner.getTokenLength());
    if (/^\/[/*]/u.test(token)) comments.push(token);
    else if (token.trim() !== '') tokens.push(token);
  }
  return { comments, tokens };
}

describe('merging into a file with comments', () => {
  it('keeps each comment next to its value', () => {
    const text = `// My settings
{
    // The look
    "theme": "tokyonight", // dark
    /* hosts */
    "provider": { // all of them
        "paddock": {
            "options": { "baseURL": "http://old/v1" /* Paddock */ },
            "models": {} // none yet
        } // Paddock
        // no more
    },
    "plugin": [], /* none */ // at all
    // "share": "auto"
} // the end
`;
    const { provider, ...rest } = config;
    const { paddock } = provider;
    const wanted = { ...rest, provider: { paddock: { ...paddock, models: { m: { name: 'M' } } } } };
    expect(merge(text, wanted).text).toBe(`// My settings
{
    // The look
    "theme": "tokyonight", // dark
    /* hosts */
    "provider": { // all of them
        "paddock": {
            "options": { "baseURL": "http://127.0.0.1:8400/v1", /* Paddock */
                "headerTimeout": false
            },
            "models": {
                "m": {
                    "name": "M"
                }
            }, // none yet
            "npm": "@ai-sdk/openai-compatible",
            "name": "Paddock"
        } // Paddock
        // no more
    },
    "plugin": [], /* none */ // at all
    "$schema": "https://opencode.ai/config.json",
    "model": "paddock/desk/a",
    // "share": "auto"
} // the end
`);
  });

  it.each([
    ['a line comment alone', '{\n  // mine\n}\n', '{\n  "$schema": '],
    ['a comment after the bracket', '{ // mine\n}\n', '{ // mine\n  "$schema": '],
    ['a comment before the object', '// mine\n{}', '// mine\n{\n  "$schema": '],
    ['a trailing comma', '{\n\t"theme": "a",\n}\n', '{\n\t"theme": "a",\n\t"$schema": '],
    ['CR LF', '{\r\n  "a": 1 // mine\r\n}\r\n', '{\r\n  "a": 1, // mine\r\n  "$schema": '],
    ['one line', '{"a": 1, /* mine */}', '{"a": 1, /* mine */"$schema": '],
  ])('adds new keys in the layout of a file with %s', (_what, text, start) => {
    const merged = merge(text);
    expect(merged.text.slice(0, start.length)).toBe(start);
    expect(readJsonc(merged.text)).toMatchObject({ ...config });
    expect(readTokens(merged.text).comments).toEqual(readTokens(text).comments);
  });
});

describe('merging into any object with comments', () => {
  const comment = fc.constantFrom('', '', ' ', '\n', '/* a */', ' // b\n', ' /* c\n */ ', '\r\n');

  test('keeps all comments in their order', () => {
    const spaced = fc
      .tuple(file, layout)
      .map(([value, indent]) => readTokens(JSON.stringify(value, null, indent)).tokens)
      .chain((tokens) =>
        fc
          .array(comment, { minLength: tokens.length, maxLength: tokens.length })
          .map((gaps) => tokens.map((token, index) => token + gaps[index]).join('')),
      );
    const property = fc.property(spaced, (text) => {
      // The merge replaces such a value together with its comments.
      fc.pre(!/"baseURL"[^:]*:(?:\s|\/\*[^*]*\*\/|\/\/.*\n)*[{[]/u.test(text));
      const merged = merge(text);
      expectKept(readJsonc(text), readJsonc(merged.text));
      expect(readJsonc(merged.text)).toHaveProperty(['provider', 'paddock', 'models']);
      expect(readTokens(merged.text).comments).toEqual(readTokens(text).comments);
    });
    fc.assert(property, inputs(500));
  });
});
