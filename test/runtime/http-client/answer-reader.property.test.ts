import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../../src/runtime/http-client/answer-reader.ts';
import type { ResponseHead } from '../../../src/runtime/http-client/response-head.ts';
import { inputs } from '../../fuzz.ts';

/** Reads bytes that arrive in pieces. */
function read(bytes: Buffer, cuts: readonly number[]) {
  const heads: ResponseHead[] = [];
  const pieces: Buffer[] = [];
  const reader = new AnswerReader(
    { method: 'POST', isUpgrade: false },
    {
      onHead: (head) => heads.push(head),
      // The reader must not reuse the memory of a piece.
      onData: (piece) => pieces.push(piece),
    },
  );
  let used = 0;
  let fault: unknown = null;
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  let at = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    if (end === at || reader.hasEnded || fault !== null) continue;
    try {
      // A copy: each piece of a socket has its own memory.
      used += reader.read(Buffer.from(bytes.subarray(at, end)));
    } catch (error) {
      fault = error;
    }
    at = end;
  }
  const body = Buffer.concat(pieces).toString('latin1');
  return { heads, body, used, fault, hasEnded: reader.hasEnded };
}

const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const cuts = fc.array(fc.nat(), { maxLength: 40 });
const interim = fc.constantFrom(
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n',
);
const OK = 'HTTP/1.1 200 OK\r\n';

describe('AnswerReader, for any pieces,', () => {
  it('reads an answer with a length exactly to its end', () => {
    const property = fc.property(interim, body, body, cuts, (before, data, more, at) => {
      const head = `${before}${OK}content-length: ${data.length}\r\n\r\n`;
      const bytes = Buffer.concat([Buffer.from(head), data, more]);
      const seen = read(bytes, at);
      expect(seen).toMatchObject({ fault: null, hasEnded: true, body: data.toString('latin1') });
      expect(seen.heads).toHaveLength(1);
      expect(seen.used).toBe(head.length + data.length);
    });
    fc.assert(property, inputs(300));
  });

  it('reads a chunked answer exactly to its end', () => {
    const chunks = fc.array(
      fc.tuple(body, fc.constantFrom('', ';a=b', ' ; "x"', '\t'), fc.boolean()),
      { maxLength: 8 },
    );
    const trailers = fc.constantFrom('', 'x-t: 1\r\n', 'x-t: 1\r\nx-u: 2\r\n');
    const property = fc.property(
      interim,
      chunks,
      trailers,
      body,
      cuts,
      (before, parts, end, more, at) => {
        const whole = parts.filter(([data]) => data.length > 0);
        const coded = whole.flatMap(([data, extension, isUpper]) => {
          const size = data.length.toString(16);
          const line = `${isUpper ? `00${size.toUpperCase()}` : size}${extension}\r\n`;
          return [Buffer.from(line), data, Buffer.from('\r\n')];
        });
        const head = `${before}${OK}transfer-encoding: chunked\r\n\r\n`;
        const bytes = Buffer.concat([Buffer.from(head), ...coded, Buffer.from(`0\r\n${end}\r\n`)]);
        const seen = read(Buffer.concat([bytes, more]), at);
        const data = Buffer.concat(whole.map(([part]) => part)).toString('latin1');
        expect(seen).toMatchObject({ fault: null, hasEnded: true, body: data });
        expect(seen.used).toBe(bytes.length);
      },
    );
    fc.assert(property, inputs(300));
  });

  it('gives the same result for any bytes as for one piece', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ maxLength: 200 }).map((text) => Buffer.from(`${OK}${text}\r\n\r\n`)),
      fc
        .string({ unit: fc.constantFrom('0', 'a', ';', '\r', '\n', ' ', 'x'), maxLength: 80 })
        .map((text) => Buffer.from(`${OK}transfer-encoding: chunked\r\n\r\n${text}`)),
    );
    const property = fc.property(anything, cuts, (bytes, at) => {
      const whole = read(bytes, []);
      const cut = read(bytes, at);
      if (whole.fault !== null) expect(whole.fault).toHaveProperty('name', 'InvalidAnswer');
      // The pieces change neither the body nor the fault.
      expect([cut.body, cut.hasEnded, cut.fault === null]).toEqual([
        whole.body,
        whole.hasEnded,
        whole.fault === null,
      ]);
    });
    fc.assert(property, inputs(500));
  });
});

describe('AnswerReader', () => {
  const take = (text: string) => read(Buffer.from(text, 'latin1'), []);

  it.each([
    'zz\r\nfirst\r\n',
    '\r\n',
    ';a\r\n',
    '-1\r\n',
    '5\nfirst\r\n',
    '5 6\r\nfirst\r\n',
    '5;a\nfirst\r\n',
    '5\r\nfirst!\r\n',
    '5\r\nfirst\n0\r\n\r\n',
    'fffffffffffffff\r\n',
    `5;${'x'.repeat(5000)}\r\nfirst\r\n`,
    `0\r\n${'x: y\r\n'.repeat(20_000)}\r\n`,
    '0\r\n\rx',
  ])('refuses the chunk %j after the previous chunks', (chunk) => {
    const seen = take(`${OK}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n${chunk}`);
    expect(seen.body).toMatch(/^ok/u);
    expect(String(seen.fault)).toBe(
      'InvalidAnswer: The upstream sent a chunk without a valid size',
    );
  });

  it('accepts 64 KiB of headers, and no more', () => {
    const toHead = (bytes: number) => `${OK}x-long: ${'x'.repeat(bytes - OK.length - 8)}\r\n\r\n`;
    expect(take(toHead(65_536)).heads).toHaveLength(1);
    expect(String(take(toHead(65_537)).fault)).toContain('sent more than 64 KiB of headers');
    // Also before the headers end.
    expect(String(take(`${OK}x: ${'x'.repeat(65_536)}`).fault)).toContain('64 KiB');
  });

  it('skips any number of interim answers', () => {
    const interims = `HTTP/1.1 103 Early Hints\r\nx: ${'x'.repeat(60_000)}\r\n\r\n`.repeat(50);
    expect(take(`${interims}${OK}content-length: 2\r\n\r\nok`)).toMatchObject({ body: 'ok' });
  });

  it.each(['S', 'HTTP/2', '\n', 'http/1.1 200', '\u0016\u0003\u0001'])(
    'refuses an answer that starts with %j at once',
    (bytes) => {
      expect(take(bytes).fault).not.toBeNull();
    },
  );
});
