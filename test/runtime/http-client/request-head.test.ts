import { describe, expect, it } from 'vitest';
import {
  writeRequestHead,
  type RequestHead,
} from '../../../src/runtime/http-client/request-head.ts';

const write = (head: Partial<RequestHead> = {}) =>
  writeRequestHead({
    method: 'GET',
    path: '/a?b=%20',
    host: 'lab:8080',
    headers: {},
    length: undefined,
    keepsAlive: true,
    ...head,
  });

describe('writeRequestHead', () => {
  it('writes the headers of the request, and replaces those of the connection', () => {
    const headers = {
      'x-a': '\u00e9 1',
      host: 'elsewhere',
      connection: 'x-a',
      'keep-alive': 'timeout=9',
      'transfer-encoding': 'chunked',
      'content-length': '3',
    };
    expect(write({ headers })).toBe(
      'GET /a?b=%20 HTTP/1.1\r\nhost: lab:8080\r\nconnection: keep-alive\r\nx-a: \u00e9 1\r\n\r\n',
    );
    expect(write({ keepsAlive: false })).toContain('\r\nconnection: close\r\n');
  });

  it.each([
    ['GET', undefined, ''],
    ['DELETE', undefined, ''],
    ['POST', undefined, 'content-length: 0\r\n'],
    ['POST', 5, 'content-length: 5\r\n'],
    ['GET', 5, 'content-length: 5\r\n'],
    ['POST', null, 'transfer-encoding: chunked\r\n'],
  ])('writes the framing of a %s with length %s', (method, length, line) => {
    expect(write({ method, length })).toBe(
      `${method} /a?b=%20 HTTP/1.1\r\nhost: lab:8080\r\nconnection: keep-alive\r\n${line}\r\n`,
    );
  });

  it.each([
    ['a path with a line break', { path: '/a\r\nx: y' }],
    ['a path with a space', { path: '/a b' }],
    ['a path with a character above U+00FF', { path: '/\u{1f600}' }],
    ['no path', { path: '' }],
    ['a method with a space', { method: 'GET /x' }],
    ['a value with a line break', { headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['a value with a lone LF', { headers: { 'x-a': 'b\nx-c: d' } }],
    ['a value with a NUL', { headers: { 'x-a': 'b\0' } }],
    ['a value with a character above U+00FF', { headers: { 'x-a': '\u0151' } }],
    ['a name with a line break', { headers: { 'x-a\r\nx-b': '' } }],
    ['a name with a colon', { headers: { 'x-a:': '' } }],
    ['an empty name', { headers: { '': '' } }],
  ])('refuses %s', (_what, head) => {
    expect(() => write(head)).toThrow(TypeError);
  });
});
