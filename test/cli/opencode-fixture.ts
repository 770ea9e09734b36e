import * as fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { expect } from 'vitest';
import type { OpencodeConfig } from '../../src/catalog/opencode-schema.ts';
import { mergeOpencode } from '../../src/cli/merge-opencode.ts';

/** The configuration that the tests merge. */
export const config: OpencodeConfig = {
  $schema: 'https://opencode.ai/config.json',
  provider: {
    paddock: {
      npm: '@ai-sdk/openai-compatible',
      name: 'Paddock',
      options: { baseURL: 'http://127.0.0.1:8400/v1', headerTimeout: false },
      models: {
        'desk/a': { name: 'A (Desk)', limit: { context: 32_768, output: 6192 } },
        'lab/vendor/B 8B:Q4': { name: 'B "large" (Lab)' },
      },
    },
  },
  model: 'paddock/desk/a',
};

/** Merges twice: the second merge must find nothing to change. */
export function merge(text: string, wanted = config): { text: string; changes: readonly string[] } {
  const outcome = mergeOpencode(text, wanted);
  if (!outcome.ok) throw new Error(outcome.message);
  expect(mergeOpencode(outcome.text, wanted)).toEqual({ ...outcome, changes: [] });
  const { changes } = outcome;
  return { text: outcome.text, changes };
}

/** Reads JSON as opencode does: with comments and trailing commas. */
export function readJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return value;
}

/** Expects everything of the first value in the second, in the same order, except for the address. */
export function expectKept(before: unknown, after: unknown): void {
  if (before === null || typeof before !== 'object' || Array.isArray(before)) {
    expect(after).toEqual(before);
    return;
  }
  const kept = Object.keys(after as object).slice(0, Object.keys(before).length);
  expect(kept).toEqual(Object.keys(before));
  for (const [key, value] of Object.entries(before)) {
    if (key === 'baseURL') continue;
    expectKept(value, (after as Record<string, unknown>)[key]);
  }
}

const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const keyed = (keys: string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value, { maxKeys: 4 });
const models = keyed(Object.keys(config.provider.paddock.models), fc.oneof(json, fc.constant({})));
const paddock = fc.record(
  { npm: json, options: keyed(['baseURL', 'apiKey'], json), models, own: json },
  { requiredKeys: [] },
);
const provider = fc.record({ paddock, anthropic: json }, { requiredKeys: [] });
/** The value of a user's file. */
export const file = fc
  .tuple(
    fc.dictionary(fc.string(), json),
    fc.record({ model: json, plugin: json, provider }, { requiredKeys: [] }),
  )
  .map(([own, known]) => ({ ...own, ...known }));
/** How `JSON.stringify` indents it. */
export const layout = fc.constantFrom(undefined, 1, 2, 8, '\t');
