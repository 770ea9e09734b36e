import { describe, expect, it } from 'vitest';
import { readBoundary } from '../../src/gateway/multipart-headers.ts';

describe('readBoundary', () => {
  it.each([
    ['as a token', 'multipart/form-data; boundary=abc', 'abc'],
    ['in quotes', 'multipart/form-data; boundary="a b=c;d"', 'a b=c;d'],
    ['with escapes', 'multipart/form-data; boundary="a\\"\\\\b\\c"', 'a"\\b\\c'],
    ['in any case', 'Multipart/FORM-data; BOUNDARY=aBc', 'aBc'],
    [
      'between other parameters',
      'multipart/form-data;charset=utf-8;boundary=abc; x="boundary=no"',
      'abc',
    ],
    ['with spaces and a semicolon', ' multipart/form-data ; boundary = abc ; ', 'abc'],
    ['given twice with one value', 'multipart/form-data; boundary=abc; boundary="abc"', 'abc'],
    ['of 70 characters', `multipart/form-data; boundary=${'-'.repeat(70)}`, '-'.repeat(70)],
    ['of 71 characters', `multipart/form-data; boundary=${'-'.repeat(71)}`, null],
    ['of empty quotes', 'multipart/form-data; boundary=""', null],
    ['that is empty', 'multipart/form-data; boundary=', null],
    ['that ends in a space', 'multipart/form-data; boundary="a "', null],
    ['beyond ASCII', 'multipart/form-data; boundary="ä"', null],
    ['with a line break', 'multipart/form-data; boundary="a\r\nb"', null],
    ['given twice with two values', 'multipart/form-data; boundary=abc; boundary=abd', null],
    ['with characters that need quotes', 'multipart/form-data; boundary=a/b', null],
    ['with an unterminated quote', 'multipart/form-data; boundary="abc', null],
    ['of another type', 'multipart/mixed; boundary=abc', null],
    ['of a longer type', 'multipart/form-data-x; boundary=abc', null],
    ['that is missing', 'multipart/form-data', null],
    ['under another name', 'multipart/form-data; xboundary=abc', null],
    ['without a type', '', null],
  ])('reads a boundary %s', (...[, contentType, boundary]) => {
    expect(readBoundary(contentType)).toBe(boundary);
  });
});
