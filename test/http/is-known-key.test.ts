import { expect, it } from 'vitest';
import { isKnownKey } from '../../src/http/is-known-key.ts';

const known = ['s3cret', 'longer-s3cret', 'a'];

it.each(known)('%s is known', (key) => {
  expect(isKnownKey(key, known)).toBe(true);
});

it.each(['', 's3cre', 's3cret2', 'S3cret', 's3crew', 'longer', 'b', 'aa', '\0', 's3cret\0'])(
  '"%s" is not',
  (key) => {
    expect(isKnownKey(key, known)).toBe(false);
  },
);

it('nothing is known where there are no keys', () => {
  expect(isKnownKey('', [])).toBe(false);
});

it('every character of every key is looked at, however alike the given one is', () => {
  const count = (given: string) => {
    let looks = 0;
    const watched = known.map(
      (key) =>
        ({
          length: key.length,
          charCodeAt: (at: number) => {
            looks += 1;
            return key.charCodeAt(at);
          },
        }) as string,
    );
    isKnownKey(given, watched);
    return looks;
  };
  const all = known.join('').length;
  for (const given of ['', 'x', 's3cret', 's3crex', 'longer-s3cret', 'x'.repeat(1000)]) {
    expect(count(given)).toBe(all);
  }
});
