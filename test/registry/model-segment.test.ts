import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toModelSegment } from '../../src/registry/kinds/model-segment.ts';
import { inputs } from '../fuzz.ts';

const UNLOAD = '/base/api/models/unload/';

it.each([
  ['small', 'small'],
  ['vendor/big:q4', 'vendor%2Fbig%3Aq4'],
  ['a?b#c', 'a%3Fb%23c'],
  ['ü', '%C3%BC'],
  ['%2e%2e', '%252e%252e'],
  ['...', '...'],
  ['.hidden', '.hidden'],
  ['a b+c&d=e;f', 'a%20b%2Bc%26d%3De%3Bf'],
  ['a\r\nb\0', 'a%0D%0Ab%00'],
])('encodes %j as %s', (model, segment) => {
  expect(toModelSegment(model)).toBe(segment);
});

it.each([
  '',
  '.',
  '..',
  '/',
  '../unload',
  './a',
  'a/..',
  'a/../../unload',
  'a/./b',
  'a//b',
  '/a',
  'a/',
  '..\\unload',
  'a\\..',
  '\uD800',
])('refuses %j, which no path can carry', (model) => {
  const refusal = { name: 'PaddockError', code: 'invalid_model_id', param: 'model' };
  expect(() => toModelSegment(model)).toThrow(expect.objectContaining(refusal));
});

it('names exactly its model, even after a proxy decodes slashes', () => {
  const part = fc.constantFrom('.', '..', '/', '\\', '%2e', '%2F', '?', '#', 'a', 'ü', ' ', '\n');
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part).map((parts) => parts.join('')),
  );
  let written = 0;
  const runs = inputs(500);
  fc.assert(
    fc.property(name, (model) => {
      let segment: string;
      try {
        segment = toModelSegment(model);
      } catch {
        return;
      }
      written += 1;
      const { pathname, search, hash } = new URL(`http://host${UNLOAD}${segment}`);
      expect([pathname, search, hash]).toEqual([UNLOAD + segment, '', '']);
      expect(decodeURIComponent(segment)).toBe(model);
      const slashed = segment.replaceAll(/%2F|%5C/gu, '/');
      expect(new URL(`http://host${UNLOAD}${slashed}`).pathname).toBe(UNLOAD + slashed);
    }),
    runs,
  );
  expect(written).toBeGreaterThan(runs.numRuns / 5);
});
