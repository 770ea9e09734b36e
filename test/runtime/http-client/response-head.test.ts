import { describe, expect, it } from 'vitest';
import { parseResponseHead } from '../../../src/runtime/http-client/response-head.ts';

const parse = (lines: string | string[], method = 'POST', isUpgrade = false) =>
  parseResponseHead(Array.isArray(lines) ? lines.join('\r\n') : lines, { method, isUpgrade });
const withHeaders = (...headers: string[]) => parse(['HTTP/1.1 200 OK', ...headers]);

describe('parseResponseHead', () => {
  it('reads the status and the headers, with names in lower case', () => {
    expect(withHeaders('Content-Type:  text/plain \t', 'X-A: 1', 'x-a:2', 'X-Empty:')).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain', 'x-a': '1, 2', 'x-empty': '' },
      framing: 'close',
      keepsAlive: false,
      idleHintMs: null,
    });
  });

  it('keeps bytes beyond ASCII, also at the edges of a value', () => {
    expect(withHeaders('x-a: \u00e9\u00a0')?.headers['x-a']).toBe('\u00e9\u00a0');
  });

  it('accepts headers named like properties of the object prototype', () => {
    const headers = withHeaders('constructor: a', '__proto__: b', 'toString: c')?.headers ?? {};
    expect(Object.entries(headers)).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
      ['tostring', 'c'],
    ]);
  });

  it.each(['HTTP/1.1 200', 'HTTP/1.1 200 ', 'HTTP/1.0 200 Fine', 'HTTP/1.1 200 \u00e9t\u00e9'])(
    'accepts the status line "%s"',
    (line) => {
      expect(parse(line)?.status).toBe(200);
    },
  );

  it.each([100, 102, 103, 104, 150, 199])('answers null for the interim status %d', (status) => {
    expect(parse([`HTTP/1.1 ${status} Wait`, 'link: <x>'])).toBeNull();
  });

  it.each([
    ['HTTP/1.1 0 Odd', 'sent the status 0,'],
    ['HTTP/1.1 99 Odd', 'sent the status 99,'],
    ['HTTP/1.1 1000 Odd', 'sent the status 1000,'],
    ['HTTP/1.1 1000', 'sent the status 1000,'],
    ['HTTP/1.1 20x OK', 'a status that is not a number'],
    ['HTTP/1.1  200 OK', 'a status that is not a number'],
    ['HTTP/2.0 200 OK', 'answered in HTTP/2.0 '],
    ['HTTP/2 200', 'answered in HTTP/2 '],
    ['HTTP/12 200', 'sent something that is not HTTP/1.1'],
    ['ICY 200 OK', 'sent something that is not HTTP/1.1'],
    ['SSH-2.0-OpenSSH_9.9', 'sent something that is not HTTP/1.1'],
    ['POST / HTTP/1.1', 'sent something that is not HTTP/1.1'],
    ['\u0000\u0000\u0012\u0004\u0000', 'sent something that is not HTTP/1.1'],
    ['\u0015\u0003\u0001\u0000\u0002', 'answered in TLS to a request without TLS'],
    ['HTTP/1.1 600 Odd', 'sent the status 600'],
    ['HTTP/1.1 999 Odd', 'sent the status 999'],
    ['HTTP/1.1 000 Odd', 'sent the status 0,'],
    ['HTTP/1.1 099 Odd', 'sent the status 99,'],
    ['HTTP/1.1 101 Switching Protocols', 'switched to another protocol'],
    ['HTTP/1.1 199 Odd\r\ncontent-length: 0', 'sent the status 199 as its final answer'],
    ['HTTP/1.1 100 Odd\r\ntransfer-encoding: chunked', 'sent the status 100 as its final answer'],
  ])('refuses %j', (head, sent) => {
    expect(() => parse(head)).toThrow(sent);
  });

  it('accepts a switch to another protocol when the request asked for one and the head names it', () => {
    const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'content-length: 9'];
    expect(parse(head, 'GET', true)).toMatchObject({ status: 101, framing: 0 });
    expect(() => parse(head.slice(0, 1), 'GET', true)).toThrow('switched to another protocol');
    expect(() => parse(head)).toThrow('switched to another protocol');
  });

  it.each([
    ['folded', ['x-a: 1', ' 2'], 'folded over several lines'],
    ['folded with a tab', ['x-a: 1', '\t2'], 'folded over several lines'],
    ['without a colon', ['x-a'], 'without a valid name'],
    ['without a name', [': 1'], 'without a valid name'],
    ['with a space before the colon', ['x-a : 1'], 'without a valid name'],
    ['with a space in its name', ['x a: 1'], 'without a valid name'],
    ['with a letter beyond ASCII in its name', ['x-\u00e9: 1'], 'without a valid name'],
    ['with a NUL', ['x-a: a\0b'], 'control characters'],
    ['with an escape', ['x-a: a\u001b[31m'], 'control characters'],
    ['with a DEL', ['x-a: a\u007f'], 'control characters'],
    ['with a lone LF', ['x-a: a\nx-b: c'], 'line breaks other than CR LF'],
    ['with a lone CR', ['x-a: a\rx-b: c'], 'line breaks other than CR LF'],
    ['with two lengths', ['content-length: 5', 'content-length: 6'], 'several content-lengths'],
    ['with a negative length', ['content-length: -1'], 'content-length that is not a number'],
    ['with a signed length', ['content-length: +1'], 'content-length that is not a number'],
    ['with a hexadecimal length', ['content-length: 0x5'], 'content-length that is not a number'],
    ['with an empty length', ['content-length: '], 'content-length that is not a number'],
    ['with a length of 30 digits', [`content-length: ${'9'.repeat(30)}`], 'is not a number'],
    ['with an unknown coding', ['transfer-encoding: gzip'], 'transfer-encoding other than chunked'],
    ['with two codings', ['transfer-encoding: gzip, chunked'], 'other than chunked'],
    ['chunked twice', ['transfer-encoding: chunked', 'transfer-encoding: chunked'], 'other than'],
    [
      'with a length and chunks',
      ['content-length: 5', 'transfer-encoding: chunked'],
      'both a content-length and a transfer-encoding',
    ],
  ])('refuses a header %s', (_what, headers, sent) => {
    expect(() => withHeaders(...headers)).toThrow(sent);
  });

  it.each([
    ['POST', 200, ['content-length: 7'], 7],
    ['POST', 200, ['content-length: 7', 'content-length: 7'], 7],
    ['POST', 200, ['content-length: 7, 7'], 7],
    ['POST', 500, ['Transfer-Encoding: Chunked'], 'chunked'],
    ['POST', 200, [], 'close'],
    ['POST', 205, ['content-length: 0'], 0],
    ['HEAD', 200, ['content-length: 7'], 0],
    ['HEAD', 200, ['transfer-encoding: chunked'], 0],
    ['GET', 204, ['content-length: 7'], 0],
    ['GET', 304, ['content-length: 7'], 0],
    ['GET', 304, ['transfer-encoding: chunked'], 0],
  ] as const)(
    'determines the framing of an answer to %s: %d, %j',
    (method, status, headers, framing) => {
      expect(parse([`HTTP/1.1 ${status} X`, ...headers], method)?.framing).toBe(framing);
    },
  );

  it.each([
    ['HTTP/1.1', [], true],
    ['HTTP/1.1', ['connection: keep-alive'], true],
    ['HTTP/1.1', ['Connection: Close'], false],
    ['HTTP/1.1', ['connection: x-a, close'], false],
    ['HTTP/1.1', ['connection: keep-alive', 'connection: close'], false],
    ['HTTP/1.0', [], false],
    ['HTTP/1.0', ['connection: keep-alive'], true],
  ] as const)(
    'determines whether a connection stays open: %s, %j',
    (version, headers, keepsAlive) => {
      const head = parse([`${version} 200 OK`, 'content-length: 2', ...headers]);
      expect(head?.keepsAlive).toBe(keepsAlive);
    },
  );

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('closes the connection after an answer to %s, %d, that announces a body', (method, status) => {
    const toHead = (...headers: string[]) => parse([`HTTP/1.1 ${status} X`, ...headers], method);
    expect(toHead('content-length: 5')?.keepsAlive).toBe(false);
    expect(toHead('transfer-encoding: chunked')?.keepsAlive).toBe(false);
    expect(toHead()?.keepsAlive).toBe(true);
  });

  it.each([
    ['timeout=5', 5000],
    ['timeout=5, max=100', 5000],
    ['max=100, Timeout = 5', 5000],
    ['timeout="5"', 5000],
    ['timeout=0', 0],
    ['max=100', null],
    ['xtimeout=5', null],
    ['timeout=soon', null],
  ])('reads the hint "%s"', (header, idleHintMs) => {
    expect(withHeaders(`keep-alive: ${header}`)?.idleHintMs).toBe(idleHintMs);
  });
});
