import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { toSample } from '../../../demo/json-schema/to-sample.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
const prompt = 'How are you? 😀';

function fit(schema: object | boolean): unknown {
  const value = toSample(schema, { prompt });
  const validate = ajv.compile(schema);
  expect([validate(value), validate.errors, value]).toEqual([true, null, value]);
  return value;
}

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 18 } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const tree = {
  type: 'object',
  properties: { value: { type: 'string' }, left: { $ref: '#' }, nodes: { items: { $ref: '#' } } },
  required: ['value', 'nodes'],
};
const leaf = { value: prompt, nodes: [] };

describe('the sample of a schema', () => {
  test.each([
    ['texts', { type: 'string' }, prompt],
    ['whole numbers', { type: 'integer' }, 1],
    ['objects', person, { name: prompt, age: 18 }],
    ['lists', { type: 'array', items: { enum: ['a', 'b'] }, minItems: 3 }, ['a', 'b', 'a']],
    ['lists of one', { type: 'array', items: { type: 'boolean' } }, [true]],
    ['lists of none', { type: 'array', items: { type: 'boolean' }, maxItems: 0 }, []],
    ['constants', { const: { a: [null] } }, { a: [null] }],
    ['null', { type: 'null' }, null],
    ['types with null', { type: ['null', 'number'] }, 1],
    [
      'unions with null',
      { anyOf: [{ type: 'null' }, { $ref: '#/$defs/n' }], $defs: { n: { const: 5 } } },
      5,
    ],
    ['anything or null', { anyOf: [{ title: 'Any' }, { type: 'null' }] }, null],
    ['maps', { type: 'object', additionalProperties: { type: 'integer' } }, { key1: 1 }],
    ['trees', tree, { value: prompt, left: leaf, nodes: [leaf] }],
    ['anything', {}, prompt],
    ['anything, as true', true, prompt],
  ])('%s', (_what, schema, value) => {
    expect(fit(schema)).toEqual(value);
  });

  test.each([
    [
      'definitions that hold one another',
      {
        $ref: '#/$defs/person',
        $defs: {
          person: {
            ...person,
            properties: {
              ...person.properties,
              friend: { anyOf: [{ $ref: '#/$defs/person' }, { type: 'null' }] },
              pets: { type: 'array', items: { $ref: '#/$defs/pet' }, minItems: 1 },
            },
            required: ['name', 'age', 'friend', 'pets'],
          },
          pet: {
            type: 'object',
            properties: { owner: { $ref: '#/$defs/person' }, kind: { const: 'cat' } },
            required: ['kind'],
          },
        },
      },
    ],
    [
      'references beside other keywords',
      {
        properties: { a: { $ref: '#/definitions/a~1b%20c', minLength: 30 } },
        definitions: { 'a/b c': { type: 'string', maxLength: 40 } },
      },
    ],
    ['references by name', { $ref: '#node', $defs: { x: { $anchor: 'node', type: 'boolean' } } }],
    [
      'tagged unions',
      {
        oneOf: [
          {
            type: 'object',
            properties: { kind: { const: 'a' }, n: { type: 'number' } },
            required: ['kind', 'n'],
          },
          { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] },
        ],
      },
    ],
    [
      'combinations',
      {
        allOf: [
          { ...person, additionalProperties: true },
          { properties: { age: { maximum: 20 }, email: { type: 'string' } }, required: ['email'] },
        ],
        anyOf: [{ minProperties: 3 }],
        oneOf: [{ required: ['name'] }],
      },
    ],
    [
      'conditions',
      {
        properties: { a: { type: 'integer' } },
        if: { properties: { a: { const: 2 } }, required: ['a'] },
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON schema
        then: { required: ['b'] },
      },
    ],
    ['false members', { anyOf: [false, { not: {} }, { type: 'integer' }] }],
    [
      'tuples',
      {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'number' }],
        items: { type: 'boolean' },
        minItems: 4,
      },
    ],
    [
      'lists of different values',
      {
        type: 'array',
        uniqueItems: true,
        minItems: 4,
        items: {
          type: 'object',
          properties: {
            id: { type: 'integer', minimum: 10 },
            name: { type: 'string', maxLength: 6 },
          },
        },
      },
    ],
    ['lists with a certain item', { type: 'array', contains: { const: 'x' } }],
    [
      'names by a pattern',
      {
        type: 'object',
        patternProperties: { '^x-[a-z]{2}$': { type: 'number' } },
        additionalProperties: false,
        minProperties: 2,
      },
    ],
    [
      'names of an enumeration',
      {
        type: 'object',
        propertyNames: { enum: ['a', 'b'] },
        additionalProperties: { type: 'number' },
        required: ['b'],
        minProperties: 2,
      },
    ],
    [
      'names that depend on others',
      { properties: { a: { type: 'integer' } }, dependentRequired: { a: ['b'] } },
    ],
    ['few names', { properties: { a: {}, b: {}, c: {} }, required: ['c'], maxProperties: 2 }],
    [
      'names of JavaScript itself',
      {
        type: 'object',
        required: ['constructor', '__proto__'],
        properties: { toString: { type: 'number' } },
      },
    ],
    ['short texts', { type: 'string', maxLength: 3 }],
    ['long texts', { type: 'string', minLength: 400 }],
    ['exclusive bounds', { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 1.5 }],
    ['negative numbers', { type: 'integer', exclusiveMaximum: -3 }],
    ['bounds between whole numbers', { type: 'integer', minimum: 2.5 }],
    [
      'multiples',
      { type: 'array', items: { type: 'number', multipleOf: 0.1, minimum: 0.3 }, minItems: 3 },
    ],
    ['large multiples', { type: 'integer', multipleOf: 7, exclusiveMinimum: 14 }],
    [
      'JSON in a text',
      { type: 'string', contentMediaType: 'application/json', contentSchema: person },
    ],
  ])('%s', (_what, schema) => {
    fit(schema);
  });

  test('ends for definitions that all hold one another', () => {
    const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
    const $defs = Object.fromEntries(names.map((name) => [name, { type: 'object', properties }]));
    expect(JSON.stringify(fit({ $ref: '#/$defs/d0', $defs })).length).toBeLessThan(100_000);
    expect(toSample({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, { prompt })).toBe(
      prompt,
    );
  });

  test('ends for lists that must be huge', () => {
    const list = (items: object) => ({ type: 'array', items, minItems: 1e9 });
    const text = JSON.stringify(toSample(list(list(list({ type: 'integer' }))), { prompt }));
    expect(text.length).toBeLessThan(10_000_000);
  });

  test.each([
    String.raw`^[a-z]+(-[a-z]+)*$`,
    String.raw`^(?=.*[A-Z])(?=.*\d)[A-Za-z\d@$!%*?&]{8,}$`,
    String.raw`^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$`,
    String.raw`^(?:(?:red|green)|#[0-9a-fA-F]{6})$`,
    String.raw`\d{3}-\d{4}`,
    String.raw`^\p{Lu}\p{Ll}+$`,
    String.raw`^[^\s@]+@[^\s@]+\.[^\s@]+$`,
    String.raw`^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`,
    String.raw`^[\u4e00-\u9fff]{2}$`,
    String.raw`^(?<year>\d{4})/(0[1-9]|1[0-2])$`,
    '^$',
    'x',
  ])('texts by the pattern %s', (pattern) => {
    fit({ type: 'string', pattern });
    fit({ type: 'array', items: { type: 'string', pattern }, minItems: 2 });
  });

  test('texts by a pattern of a certain length, or by one of Python', () => {
    fit({ type: 'string', pattern: '^[a-z]*$', minLength: 12, maxLength: 14 });
    expect(toSample({ type: 'string', pattern: String.raw`\A(?P<n>ab)\Z` }, { prompt })).toBe('ab');
    expect(toSample({ type: 'string', pattern: '(' }, { prompt })).toBe(prompt);
  });

  test('bounds in a description, as Anthropic’s clients write them', () => {
    const sampleOf = (type: string, description: string) =>
      toSample({ type, description }, { prompt });
    expect(sampleOf('integer', 'Age\n\n{title: "A, b: c", minimum: 18, maximum: 99}')).toBe(18);
    expect(sampleOf('string', String.raw`{maxLength: 9, pattern: ^\d{4}$}`)).toMatch(/^\d{4}$/);
    expect(sampleOf('string', String.raw`{pattern: "^\\d{2}$"}`)).toMatch(/^\d{2}$/);
    expect(sampleOf('string', 'Such as {minLength: 999} here')).toBe(prompt);
  });

  test.each([
    ['date-time', /^2026-01-\d\dT09:00:00Z$/],
    ['date', /^2026-01-\d\d$/],
    ['email', /^[^@]+@example\.com$/],
    ['uuid', /^[0-9a-f-]{36}$/],
    ['uri', /^https:/],
    ['unknown', /^How are you/],
  ])('texts of the format %s', (format, form) => {
    expect(toSample({ type: 'string', format }, { prompt })).toMatch(form);
    expect(new Set(fit({ items: { type: 'string', format }, minItems: 3 }) as string[]).size).toBe(
      3,
    );
  });
});
