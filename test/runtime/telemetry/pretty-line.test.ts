import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPrettyLine } from '../../../src/runtime/telemetry/pretty-line.ts';
import type { LogLine } from '../../../src/telemetry/log.ts';
import type { RequestLine } from '../../../src/telemetry/request-line.ts';

const TIME = '2026-07-03T12:34:56.789Z';
const LOCAL_TIME = new Date(TIME).toTimeString().slice(0, 8);

const plain = createPrettyLine({ NO_COLOR: '1' });
const colored = createPrettyLine({ TERM: 'xterm' });

const message: LogLine = { level: 'info', time: TIME, msg: 'Listening on http://127.0.0.1:8400' };

const request: RequestLine = {
  level: 'info',
  time: TIME,
  requestId: '3f2a1b4c-1111-4111-8111-111111111111',
  method: 'POST',
  path: '/v1/chat/completions',
  route: '/v1/*',
  client: 'laptop',
  provider: 'lab',
  model: 'vendor/m',
  status: 200,
  code: undefined,
  end: 'complete',
  firstByteMs: 3,
  durationMs: 12.5,
  bytesIn: 1,
  bytesOut: 2,
  msg: 'POST /v1/chat/completions 200',
};

describe('createPrettyLine', () => {
  it('shows the local time, the level and the message', () => {
    expect(plain(message)).toBe(`${LOCAL_TIME}  info: Listening on http://127.0.0.1:8400\n`);
    expect(plain({ ...message, level: 'error' })).toMatch(/^\S+ error: /u);
    expect(plain({ ...message, level: 'warn' })).toMatch(/^\S+ {2}warn: /u);
  });

  it('shows the reason after the message and the stack below it', () => {
    const line = { ...message, msg: 'No.', reason: 'ECONNREFUSED', stack: 'Error\n    at a' };
    expect(plain(line)).toBe(`${LOCAL_TIME}  info: No. (ECONNREFUSED)\nError\n    at a\n`);
  });

  it('shows a request, its provider and model, its duration, its client and its ID', () => {
    const start = `${LOCAL_TIME}  info: POST /v1/chat/completions`;
    expect(plain(request)).toBe(`${start} 200 lab/vendor/m 13 ms laptop 3f2a1b4c\n`);
  });

  it.each([
    [{ durationMs: 0.4 }, ' 0.4 ms '],
    [{ durationMs: 1234 }, ' 1.2 s '],
    [{ model: undefined }, ' lab 13 ms '],
    [{ provider: undefined, model: undefined }, ' 200 13 ms '],
    [{ client: undefined }, ' 13 ms 3f2a1b4c\n'],
    [{ requestId: 'x'.repeat(50) }, ` ${'x'.repeat(40)}\n`],
    [{ msg: `${request.msg}: the client disconnected` }, ' 3f2a1b4c: the client disconnected\n'],
    [{ method: undefined, path: undefined, status: 400, msg: '400: No.' }, 'info: 400 lab/'],
  ])('shows %o of a request', (fields, text) => {
    expect(plain({ ...request, ...fields })).toContain(text);
  });

  it('replaces control characters of foreign text', () => {
    const escape = '\u{1b}[2J';
    for (const [fields, text] of [
      [{ path: `/${escape}` }, 'POST /\u{fffd}[2J'],
      [{ model: escape }, 'lab/\u{fffd}[2J'],
      [{ msg: `${request.msg}: ${escape}` }, ': \u{fffd}[2J\n'],
    ] as const) {
      expect(plain({ ...request, ...fields })).toContain(text);
    }
    expect(plain({ ...message, msg: escape })).toContain(' \u{fffd}[2J\n');
    expect(plain({ ...message, reason: escape })).toContain('(\u{fffd}[2J)\n');
    expect(plain({ ...message, stack: `a\n${escape}` })).toContain('a\n\u{fffd}[2J\n');
  });

  it('colors levels and statuses, and nothing where colors are not wanted', () => {
    const RED = '\u{1b}[31m';
    const YELLOW = '\u{1b}[33m';
    expect(colored({ ...message, level: 'error' })).toContain(`${RED}error`);
    expect(colored({ ...message, level: 'warn' })).toContain(`${YELLOW} warn`);
    expect(colored({ ...request, status: 502 })).toContain(`${RED}502`);
    expect(colored({ ...request, status: 404 })).toContain(`${YELLOW}404`);
    for (const line of [message, request]) {
      expect(stripVTControlCharacters(colored(line))).toBe(plain(line));
      expect(plain(line)).not.toContain('\u{1b}');
      expect(createPrettyLine({ TERM: 'dumb' })(line)).toBe(plain(line));
    }
  });
});
