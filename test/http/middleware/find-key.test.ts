import { expect, it } from 'vitest';
import { findKey } from '../../../src/http/middleware/find-key.ts';

const keys = ['s3cret', 'longer-s3cret', 'a'];
const known = keys.map((key, index) => ({ name: `key-${index}`, key }));

it.each(keys)('%s is known', (key) => {
  expect(findKey([key], known)?.key).toBe(key);
});

it.each(['', 's3cre', 's3cret2', 'S3cret', 's3crew', 'longer', 'b', 'aa', '\0', 's3cret\0'])(
  '"%s" is not',
  (key) => {
    expect(findKey([key], known)).toBeNull();
  },
);

it('nothing is known where there are no keys', () => {
  expect(findKey([''], [])).toBeNull();
});

it('one of several that are given is enough', () => {
  expect(findKey(['nothing', 'a', 'nor this'], known)?.name).toBe('key-2');
});

it('every character of every key is looked at, however alike the given one is', () => {
  const count = (given: string) => {
    let looks = 0;
    const watch = (key: string) => ({
      length: key.length,
      charCodeAt: (at: number) => {
        looks += 1;
        return key.charCodeAt(at);
      },
    });
    findKey(
      [given],
      keys.map((key) => ({ name: null, key: watch(key) as string })),
    );
    return looks;
  };
  const all = keys.join('').length;
  for (const given of ['', 'x', 's3cret', 's3crex', 'longer-s3cret', 'x'.repeat(1000)]) {
    expect(count(given)).toBe(all);
  }
});
