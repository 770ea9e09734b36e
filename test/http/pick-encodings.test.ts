import { expect, it } from 'vitest';
import { pickEncodings } from '../../src/http/pick-encodings.ts';

it.each([
  ['gzip, deflate, br, zstd', ['br', 'gzip']],
  ['GZIP, BR', ['br', 'gzip']],
  ['gzip', ['gzip']],
  ['br;q=0.9, gzip;q=1.0', ['gzip', 'br']],
  ['br;q=0, gzip', ['gzip']],
  ['*', ['br', 'gzip']],
  ['*;q=0.1, gzip', ['gzip', 'br']],
  ['*, br;q=0', ['gzip']],
  ['*;q=0', []],
  ['identity', []],
  ['deflate, zstd', []],
  ['broken', []],
  ['', []],
  [undefined, []],
])('picks from "%s" %j', (header, expected) => {
  expect(pickEncodings(header)).toEqual(expected);
});
