import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PaddockError } from '../../src/errors.ts';
import { type BodyOptions, parseJsonBody } from '../../src/gateway/json-body.ts';
import { inputs } from '../fuzz.ts';

// No generated document contains this name, so its position shows what was replaced.
const NAME = 'new "näme" 🦙';
const LITERAL = Buffer.from(JSON.stringify(NAME));

const space = fc.constantFrom('', '', '', ' ', '\n  ', '\t', '\r\n');

/** A JSON string whose characters use any of the possible escapes. */
const literalOf = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(3), { minLength: 1, maxLength: 8 })).map(([written, styles]) => {
    const characters = [...written].map((character, index) => {
      const style = styles[index % styles.length];
      const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      if (style === 0) return character.split('').map(escape).join('');
      if (style === 1)
        return character.split('').map(escape).join('').toUpperCase().replaceAll('U', 'u');
      return character === '/' && style === 2 ? '\\/' : JSON.stringify(character).slice(1, -1);
    });
    return `"${characters.join('')}"`;
  });

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '/', 'u'),
    maxLength: 60,
  }),
  fc.constantFrom('\ud800', '\udfff\ud800', '\ufeff', '\0', '', 'a'.repeat(40), '"model":"x"'),
);
const tokenKeys = ['max_tokens', 'max_completion_tokens'];
const otherKey = fc.oneof(
  text.filter((key) => key !== 'model' && !tokenKeys.includes(key)),
  fc.constantFrom('messages', 'metadata', '__proto__', 'Model', 'mode', 'models', 'max_token', '1'),
);
const number = fc.constantFrom(
  '0',
  '-0',
  '5',
  '-1.50e+3',
  '1E400',
  '0.1',
  '123456789012345678901234567890',
);
const word = fc.constantFrom('true', 'false', 'null');

const { value } = fc.letrec<{ value: string }>((tie) => {
  const list = (items: string[], brackets: string) =>
    `${brackets[0]}${items.join(',')}${brackets[1]}`;
  const spaced = (item: fc.Arbitrary<string>) =>
    fc.tuple(space, item, space).map((parts) => parts.join(''));
  const nestedKey = spaced(literalOf(fc.oneof(text, fc.constantFrom('model', ...tokenKeys))));
  const member = fc.tuple(nestedKey, spaced(tie('value'))).map((parts) => parts.join(':'));
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      number,
      word,
      literalOf(text),
      fc.array(spaced(tie('value')), { maxLength: 4 }).map((items) => list(items, '[]')),
      fc.array(member, { maxLength: 4 }).map((items) => list(items, '{}')),
    ),
  };
});

interface Row {
  key: string;
  value: string;
  gaps: string[];
}

const rowOf = (key: fc.Arbitrary<string>, valueOf: fc.Arbitrary<string>): fc.Arbitrary<Row> =>
  fc.record({
    key: literalOf(key),
    value: valueOf,
    gaps: fc.tuple(space, space, space, space) as fc.Arbitrary<string[]>,
  });

const modelRow = rowOf(fc.constant('model'), literalOf(text));
const limit = fc.oneof(number, fc.constant('null'));
const some = (row: fc.Arbitrary<Row>) => fc.array(row, { maxLength: 1 });

/** The members of an object with one model and any other members, in any order. */
const named = fc
  .tuple(modelRow, fc.array(rowOf(otherKey, value), { maxLength: 6 }))
  .chain(([model, others]) => fc.tuple(fc.constant(model), shuffle([model, ...others])));

/** The members of an object with at most one model, and with token limits. */
const limited = fc
  .tuple(
    some(modelRow),
    some(rowOf(fc.constant('max_tokens'), limit)),
    some(rowOf(fc.constant('max_completion_tokens'), limit)),
    fc.array(rowOf(otherKey, value), { maxLength: 4 }),
  )
  .chain((rows) => shuffle(rows.flat()));

/** The members of an object with any of these keys, any number of times, with any value. */
const arbitrary = fc.array(
  fc.oneof(
    modelRow,
    rowOf(fc.constantFrom('model', ...tokenKeys), value),
    rowOf(fc.constantFrom(...tokenKeys), limit),
    rowOf(otherKey, value),
  ),
  { maxLength: 5 },
);

function shuffle<T>(items: T[]) {
  return fc.shuffledSubarray(items, { minLength: items.length });
}

function write(rows: readonly Row[]): string {
  const members = rows.map(({ key, value: written, gaps: [a, b, c, d] }) =>
    [a, key, b, ':', c, written, d].join(''),
  );
  return `{${members.join(',')}}`;
}

type Parsed = { valid: true; value: any } | { valid: false };

function parse(bytes: Uint8Array): Parsed {
  try {
    return { valid: true, value: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return { valid: false };
  }
}

/** The top-level keys of valid JSON, with duplicates. */
function readKeys(json: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, opens, closes] of json.matchAll(/([{[])|([}\]])|"(?:\\.|[^"\\])*"\s*:?/g)) {
    depth += (opens ? 1 : 0) - (closes ? 1 : 0);
    if (depth === 1 && token.endsWith(':')) keys.push(JSON.parse(token.slice(0, -1)));
  }
  return keys;
}

function toExpected(original: Record<string, unknown>, options: BodyOptions) {
  const { max_completion_tokens: renamed, ...rest } = { ...original, model: NAME } as Record<
    string,
    unknown
  >;
  if (options.maxTokens !== true) return { ...original, model: NAME };
  if (renamed === undefined || (rest['max_tokens'] ?? null) !== null) return rest;
  return { ...rest, max_tokens: renamed };
}

/** The reasons to refuse valid JSON, found with JSON.parse. */
function findReasons(bytes: Uint8Array, options: BodyOptions): RegExp[] {
  const { value: original } = parse(bytes) as { value: any };
  if (typeof original !== 'object' || original === null || Array.isArray(original))
    return [/not a JSON object/];
  const keys = readKeys(new TextDecoder().decode(bytes));
  const count = (key: string) => keys.filter((other) => other === key).length;
  const reasons: RegExp[] = [];
  if (count('model') > 1) reasons.push(/two "model" keys/);
  if (count('model') > 0 && original.model !== null && typeof original.model !== 'string')
    reasons.push(/not a string/);
  if (`${original.model}`.includes('\ufffd')) reasons.push(/not a valid JSON string/);
  if (options.maxTokens === true && count('max_completion_tokens') > 0) {
    if (tokenKeys.some((key) => count(key) > 1)) reasons.push(/twice/);
    const { max_tokens: kept = null, max_completion_tokens: dropped } = original;
    if (kept !== null && dropped !== null && typeof dropped !== 'number')
      reasons.push(/is not a number/);
  }
  return reasons;
}

/** Checks any bytes: they are refused for a reason, or only their model and token limit change. */
function check(bytes: Uint8Array, options: BodyOptions = {}): 'accepted' | 'refused' {
  const before = parse(bytes);
  let result: Uint8Array;
  let model: string | null;
  try {
    const body = parseJsonBody(new Uint8Array(bytes));
    model = body.model;
    result = body.withModel(NAME, options);
  } catch (error) {
    expect(error).toBeInstanceOf(PaddockError);
    expect(error).toMatchObject({ code: 'invalid_request' });
    if (before.valid) {
      const reasons = findReasons(bytes, options);
      expect(reasons.some((reason) => reason.test((error as Error).message))).toBe(true);
    }
    return 'refused';
  }

  const after = parse(result);
  expect(after.valid).toBe(before.valid);
  if (before.valid && after.valid) {
    expect(findReasons(bytes, options)).toEqual([]);
    expect(model).toBe(before.value.model ?? null);
    expect(isDeepStrictEqual(after.value, toExpected(before.value, options))).toBe(true);
  }
  if (options.maxTokens !== true) checkAround(bytes, { result: Buffer.from(result), model });
  return 'accepted';
}

/** Checks that the bytes before and after the name did not change. */
function checkAround(
  bytes: Uint8Array,
  { result, model }: { result: Buffer; model: string | null },
) {
  const given = Buffer.from(bytes);
  const at = result.indexOf(LITERAL);
  const tail = result.subarray(at + LITERAL.length);
  if (model !== null) {
    const literal = given.subarray(at, given.length - tail.length);
    expect(given.subarray(0, at).equals(result.subarray(0, at))).toBe(true);
    expect(given.subarray(given.length - tail.length).equals(tail)).toBe(true);
    expect(JSON.parse(literal.toString())).toBe(model);
    return;
  }
  const head = result
    .subarray(0, at)
    .toString('latin1')
    .replace(/"model":$/, '');
  const rest = tail.toString('latin1');
  const replaced = `${result.subarray(0, at).toString('latin1')}null${rest}`;
  expect([head + rest, head + rest.slice(1), replaced]).toContain(given.toString('latin1'));
}

/** A change of bytes: at `place`, in thousandths of the length, `gone` bytes are replaced by `put`. */
const mutation = fc.record({
  place: fc.noBias(fc.nat(999)),
  gone: fc.nat(3),
  put: fc.oneof(
    fc
      .string({ unit: fc.constantFrom(...'"\\{}[]:,0-.eu \n\0tfn'), maxLength: 2 })
      .map((s) => Buffer.from(s)),
    fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('"model":"x",', '\ufeff', '"a":', '\\u006d', ',}', ']]')
      .map((s) => Buffer.from(s)),
  ),
});
type Mutation = { place: number; gone: number; put: Buffer };

function mutate(bytes: Buffer, { place, gone, put }: Mutation): Buffer {
  const at = Math.floor((place / 1000) * bytes.length);
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]);
}

describe('a JSON body', () => {
  test('has only the bytes of its model replaced, at any position and with any escapes', () => {
    const property = fc.property(named, space, space, ([model, rows], before, after) => {
      const given = Buffer.from(before + write(rows) + after);
      const body = parseJsonBody(new Uint8Array(given));
      expect(body.model).toBe(JSON.parse(model.value));
      const renamed = rows.map((row) =>
        row === model ? { ...row, value: JSON.stringify(NAME) } : row,
      );
      const expected = before + write(renamed) + after;
      expect(Buffer.from(body.withModel(NAME)).toString()).toBe(expected);
      expect(check(given)).toBe('accepted');
    });
    fc.assert(property, inputs(2000));
  });

  test('has its token limit renamed, and its model replaced or added', () => {
    const property = fc.property(limited, (rows) => {
      const given = Buffer.from(write(rows));
      expect(check(given)).toBe('accepted');
      expect(check(given, { maxTokens: true })).toBe('accepted');
    });
    fc.assert(property, inputs(2000));
  });

  test('is refused only for a reason, with any duplicate keys and values', () => {
    const property = fc.property(arbitrary, fc.boolean(), (rows, maxTokens) => {
      check(Buffer.from(write(rows)), { maxTokens });
    });
    fc.assert(property, inputs(5000));
  });

  test('is refused when it is truncated at any byte', () => {
    const property = fc.property(limited, (rows) => {
      const given = Buffer.from(write(rows));
      for (let length = 0; length < given.length; length += 1) {
        expect(() => parseJsonBody(given.subarray(0, length))).toThrow(PaddockError);
      }
    });
    fc.assert(property, inputs(200));
  });

  test('is read as JSON.parse does, with any missing or wrong bytes', () => {
    const seen = { accepted: 0, refused: 0 };
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 2 });
    const whole = fc.oneof(
      limited,
      named.map(([, rows]) => rows),
    );
    const property = fc.property(whole, mutations, fc.boolean(), (rows, all, maxTokens) => {
      const given = all.reduce(mutate, Buffer.from(write(rows)));
      seen[check(given, { maxTokens })] += 1;
    });
    const runs = inputs(20_000);
    fc.assert(property, runs);
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(runs.numRuns / 10);
  });

  test('of any bytes is refused or valid JSON', () => {
    const property = fc.property(fc.uint8Array(), (bytes) => void check(bytes));
    fc.assert(property, inputs(2000));
  });
});
