import { describe, expect, it } from 'vitest';
import {
  HostError,
  type HostAnswer,
  type HostErrorCategory,
} from '../../src/upstream/host-error.ts';

function errorOf(answer: Partial<HostAnswer> = {}): HostError {
  const usual = { method: 'GET', path: '/running', status: 503, retryAfter: null, body: '' };
  return new HostError({ ...usual, secrets: [], ...answer });
}

describe('the status', () => {
  it.each<[number, HostErrorCategory, boolean]>([
    [200, 'invalid-answer', false],
    [204, 'invalid-answer', false],
    [301, 'invalid-answer', false],
    [304, 'invalid-answer', false],
    [400, 'bad-request', false],
    [401, 'auth', false],
    [403, 'auth', false],
    [404, 'not-found', false],
    [405, 'bad-request', false],
    [409, 'bad-request', false],
    [410, 'not-found', false],
    [413, 'bad-request', false],
    [422, 'bad-request', false],
    [429, 'rate-limited', true],
    [500, 'server', true],
    [501, 'server', false],
    [502, 'server', true],
    [503, 'overloaded', true],
    [504, 'server', true],
    [505, 'server', false],
    [524, 'server', true],
    [529, 'overloaded', true],
  ])('%i is of the category %s, and trying again can help: %s', (status, category, retryable) => {
    expect(errorOf({ status })).toMatchObject({ name: 'HostError', status, category, retryable });
  });
});

describe('Retry-After', () => {
  it.each<[string | null, number | null]>([
    ['1', 1000],
    ['120', 120_000],
    ['0', 0],
    [null, null],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['9'.repeat(400), null],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
  ])('of %j asks for %j ms', (retryAfter, retryAfterMs) => {
    expect(errorOf({ status: 429, retryAfter })).toMatchObject({ retryAfterMs });
  });
});

describe('the message', () => {
  const page = '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';
  const start = 'GET /running: HTTP 503';

  it.each<[string, string, string, string | null]>([
    [
      "OpenAI's form",
      '{"src":"llama-swap","error":{"message":"not ready","code":"no_room"}}',
      `${start}: not ready`,
      'no_room',
    ],
    [
      "llama.cpp's numbers",
      '{"error":{"message":"Loading model","code":503}}',
      `${start}: Loading model`,
      null,
    ],
    ['a string', '{"src":"llama-swap","error":"not ready"}', `${start}: not ready`, null],
    ['plain text', 'llama-swap: not ready\n', `${start}: llama-swap: not ready`, null],
    ['several lines', 'a\r\n\tb\u001B[31mc\u0000d', `${start}: a b [31mc d`, null],
    ['nothing', '', start, null],
    ['a page', page, start, null],
    ['half a JSON', '{"error":{"message":"not', start, null],
    ['other JSON', '{"detail":"not ready"}', start, null],
    ['an error of another kind', '{"error":{"message":7,"code":true}}', start, null],
    ['an error that is null', '{"error":null}', start, null],
    ['null', 'null', start, null],
    ['an array', '[1]', start, null],
    ['a long text', 'x'.repeat(5000), `${start}: ${'x'.repeat(300)}`, null],
  ])('has the words of %s', (_, body, message, code) => {
    expect(errorOf({ body })).toMatchObject({ message, code, body });
  });

  it('says of a redirect that it is one', () => {
    const error = errorOf({ status: 307, body: '<a href="/api/models">Temporary Redirect</a>' });
    expect(error.message).toBe('GET /running: HTTP 307: a redirect, which is not followed');
  });

  it('says what is wrong where the status does not', () => {
    const error = errorOf({ status: 200, body: page, fault: 'expected "OK" but received HTML' });
    expect(error.message).toBe('GET /running: HTTP 200: expected "OK" but received HTML');
  });

  it('shows no secret that the host repeats, and neither does the rest of the error', () => {
    const secrets = ['ke"y', 'box.lan'];
    const error = { message: 'bad key ke"y at box.lan:8080', code: 'no_ke"y' };
    const shown = errorOf({ status: 401, body: JSON.stringify({ error }), secrets });
    expect(shown.message).toBe('GET /running: HTTP 401: bad key *** at ***:8080');
    expect(shown).toMatchObject({
      code: 'no_***',
      body: '{"error":{"message":"bad key *** at ***:8080","code":"no_***"}}',
    });
  });

  it('shows no half of a secret where it ends', () => {
    const body = `${'x'.repeat(297)}zqsecretkey`;
    expect(errorOf({ body, secrets: ['zqsecretkey'] }).message).not.toContain('z');
  });
});
