import { expect, it } from 'vitest';
import { parseKeys } from '../../src/settings/api-keys.ts';
import type { Fault } from '../../src/registry/fault.ts';

// API_KEYS

function parse(text: string | undefined) {
  const faults: Fault[] = [];
  return { apiKeys: parseKeys({ API_KEYS: text }, faults).API_KEYS, faults };
}

it('has no keys when API_KEYS is not set', () => {
  expect(parse(undefined)).toEqual({ apiKeys: [], faults: [] });
});

it.each([
  ['one key', 's3cret', [[null, 's3cret']]],
  [
    'a key with every visible character',
    '~!"#$%&()*+./;<=>?@[]^_`{|}-\'\\',
    [[null, '~!"#$%&()*+./;<=>?@[]^_`{|}-\'\\']],
  ],
  [
    'several keys, with and without names',
    ' one , alice:two,\n3.b_c-d:three,, ',
    [
      [null, 'one'],
      ['alice', 'two'],
      ['3.b_c-d', 'three'],
    ],
  ],
  ['a named key with colons', 'a:b:c:', [['a', 'b:c:']]],
  ['white space after the colon', 'a: b', [['a', 'b']]],
])('accepts %s', (_, text, expected) => {
  const apiKeys = expected.map(([name, key]) => ({ name, key }));
  expect(parse(text)).toEqual({ apiKeys, faults: [] });
});

it.each([
  ['commas alone', ' , ,', undefined, /a key, or to be unset/],
  ['a key of two words', 'a,b c', 'entry 2', /visible ASCII/],
  ['a key beyond ASCII', 'clé', 'entry 1', /visible ASCII/],
  ['a name without a key', 'a:', 'entry 1', /visible ASCII/],
  ['an empty name', ':a', 'entry 1', /name/],
  ['a name in capitals', 'Alice:a', 'entry 1', /lower-case letters/],
  ['a name of 64 letters', `${'a'.repeat(64)}:b`, 'entry 1', /63/],
  ['a key twice', 'a,x:b,,y:a', 'entry 3', /key that no earlier/],
  ['a name twice', 'x:a,x:b', 'entry 2', /name that no earlier/],
])('refuses %s', (_, text, entry, message) => {
  const { faults } = parse(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({
    variable: 'API_KEYS',
    ...(entry !== undefined && { entry }),
  });
  expect(faults[0]?.message).toMatch(message);
});

it('parses ADMIN_KEYS and METRICS_KEYS in the same way', () => {
  const faults: Fault[] = [];
  const keys = parseKeys(
    { API_KEYS: 'one', ADMIN_KEYS: 'ann:two, three', METRICS_KEYS: 'm' },
    faults,
  );
  expect({ keys, faults }).toEqual({
    keys: {
      API_KEYS: [{ name: null, key: 'one' }],
      ADMIN_KEYS: [
        { name: 'ann', key: 'two' },
        { name: null, key: 'three' },
      ],
      METRICS_KEYS: [{ name: null, key: 'm' }],
    },
    faults: [],
  });
});

it.each([
  ['a key', { API_KEYS: 'x,b', ADMIN_KEYS: 'c,ann:b' }, 'ADMIN_KEYS', /a key that no .* API_KEYS/],
  ['a key', { ADMIN_KEYS: 'ann:b', METRICS_KEYS: 'c,b' }, 'METRICS_KEYS', /a key .* ADMIN_KEYS/],
  [
    'a name',
    { API_KEYS: 'x,bob:b', METRICS_KEYS: 'c,bob:d' },
    'METRICS_KEYS',
    /a name .* API_KEYS/,
  ],
])('refuses %s that two settings have', (_, values, variable, message) => {
  const faults: Fault[] = [];
  parseKeys(values, faults);
  expect(faults).toEqual([{ variable, entry: 'entry 2', message: expect.stringMatching(message) }]);
});
