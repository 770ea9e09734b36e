import { expect, it } from 'vitest';
import { findKey } from '../../../src/http/middleware/caller.ts';

const keys = ['s3cret', 'longer-s3cret', 'a'];
const known = keys.map((key, index) => ({ name: `key-${index}`, key }));

it.each(keys)('finds the key %s', (key) => {
  expect(findKey([key], known)?.key).toBe(key);
});

it.each(['', 's3cre', 's3cret2', 'S3cret', 's3crew', 'longer', 'b', 'aa', '\0', 's3cret\0'])(
  'does not find "%s"',
  (key) => {
    expect(findKey([key], known)).toBeNull();
  },
);

it('finds nothing without keys', () => {
  expect(findKey([''], [])).toBeNull();
});

it('finds one valid key among several', () => {
  expect(findKey(['nothing', 'a', 'nor this'], known)?.name).toBe('key-2');
});

it('compares every character of every key, for any given key', () => {
  const count = (given: string) => {
    let reads = 0;
    const observe = (key: string) => ({
      length: key.length,
      charCodeAt: (at: number) => {
        reads += 1;
        return key.charCodeAt(at);
      },
    });
    findKey(
      [given],
      keys.map((key) => ({ name: null, key: observe(key) as string })),
    );
    return reads;
  };
  const all = keys.join('').length;
  for (const given of ['', 'x', 's3cret', 's3crex', 'longer-s3cret', 'x'.repeat(1000)]) {
    expect(count(given)).toBe(all);
  }
});
