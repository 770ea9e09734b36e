import { describe, expect, it, test } from 'vitest';
import type { Provider } from '../../src/registry/provider.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { toFailure } from '../../src/upstream/invalid-answer.ts';
import type { Failure } from '../../src/registry/outcome.ts';
import { toOutcomeError, type FailedRequest } from '../../src/upstream/outcome-error.ts';

const environment = {
  PROVIDERS: 'lab=llama-swap://zqsecretkey@secret-host:7777/base?timeout=1234 open=openai://o',
  DEEPSEEK_API_KEY: 'zqsecretkey',
};
const { providers } = parseSettings(environment).registry;
const provider = providers.get('lab') as Provider;
const cause = new Error('connect ECONNREFUSED secret-host:7777');
const withStatus = (status: number, body = ''): Failure => ({
  kind: 'status',
  status,
  body,
  cause,
});

function probeError(failure: Failure, name = 'lab') {
  return toOutcomeError(failure, { provider: providers.get(name) as Provider, purpose: 'probe' });
}

const rows: [string, Failure, string, RegExp][] = [
  ['a timeout', { kind: 'timeout', cause }, 'provider_timeout', /1234 ms/],
  [
    'a refused connection',
    { kind: 'unreachable', cause },
    'provider_unreachable',
    /could not be reached/,
  ],
  [
    'an answer that breaks off',
    { kind: 'cut-off', cause },
    'provider_unreachable',
    /closed the connection during/,
  ],
  [
    'an answer that is not HTTP',
    { kind: 'not-http', sent: 'sent the status 999', cause },
    'invalid_response',
    /sent the status 999/,
  ],
  ['a redirect', withStatus(307), 'invalid_response', /redirect/],
  [
    'an answer that is too large',
    { kind: 'unexpected', status: 200, isTooLarge: true, cause },
    'invalid_response',
    /8 MiB/,
  ],
  [
    'an unexpected body',
    { kind: 'unexpected', status: 200, isTooLarge: false, cause },
    'invalid_response',
    /not a model list/,
  ],
  ['HTTP 401', withStatus(401), 'unauthorized', /HTTP 401/],
  ['HTTP 403', withStatus(403), 'unauthorized', /HTTP 403/],
  ['HTTP 404', withStatus(404), 'invalid_response', /HTTP 404/],
  ['HTTP 500', withStatus(500), 'invalid_response', /HTTP 500/],
  ['a lack of file descriptors', { kind: 'exhausted', cause }, 'overloaded', /LimitNOFILE/],
  ['HTTP 502', withStatus(502), 'provider_unreachable', /HTTP 502/],
  ['HTTP 503', withStatus(503), 'provider_unreachable', /HTTP 503/],
  ['HTTP 504', withStatus(504), 'provider_unreachable', /HTTP 504/],
];

describe('the error of a probe for', () => {
  it.each(rows)('%s has its code', (_what, failure, code, text) => {
    const error = probeError(failure);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
  });

  it.each(rows)('%s is one sentence without address, token and cause', (_what, failure) => {
    const { message } = probeError(failure);
    expect(message).toMatch(/^lab [^.\n]*\.$/);
    expect(message).not.toMatch(/secret|7777|ECONN/);
  });
});

describe('the error for a refused key', () => {
  test('asks for a key when the provider has none', () => {
    const { message } = probeError(withStatus(401), 'open');
    expect(message).toMatch(/put the key before the host, as key@host/);
  });

  test('asks for a correct key when the provider has one', () => {
    expect(probeError(withStatus(401)).message).toMatch(/correct the key in PROVIDERS/);
  });

  test('names DEEPSEEK_API_KEY for DeepSeek, which has no entry in PROVIDERS', () => {
    const { message } = probeError(withStatus(401), 'deepseek');
    expect(message).toMatch(/DEEPSEEK_API_KEY/);
    expect(message).not.toMatch(/PROVIDERS/);
  });
});

describe('the error of a management request for', () => {
  const request: FailedRequest = { provider, purpose: 'management', model: 'm' };

  it.each<[string, Failure, string, RegExp]>([
    ['a timeout', { kind: 'timeout', cause }, 'provider_timeout', /1234 ms/],
    ['404', withStatus(404), 'not_found', /has no model "m"/],
    ['410', withStatus(410), 'not_found', /has no model "m"/],
    ['a 404 with an HTML page', withStatus(404, ' <h1>'), 'unsupported_by_provider', /HTTP 404/],
    ['401', withStatus(401), 'invalid_response', /correct the key/],
    ['403', withStatus(403), 'invalid_response', /correct the key/],
    [
      'an old release',
      { kind: 'unsupported', reason: 'is too old: update it', cause: null },
      'unsupported_by_provider',
      /^The llama-swap of \S+ is too old: update it\.$/,
    ],
    ...[429, 500, 502, 503, 504, 524, 529].map((status): [string, Failure, string, RegExp] => [
      String(status),
      withStatus(status),
      'invalid_response',
      /: retry, or check its log\.$/,
    ]),
    ...[301, 400, 405, 409, 413, 422, 501, 505].map((status): [string, Failure, string, RegExp] => [
      String(status),
      withStatus(status),
      'invalid_response',
      /: check its port and base path in PROVIDERS\.$/,
    ]),
    [
      'an unexpected body',
      { kind: 'unexpected', status: 200, isTooLarge: false, cause },
      'invalid_response',
      /sent an unexpected answer \(HTTP 200\): check its port/,
    ],
  ])('%s has its code', (_what, failure, code, text) => {
    const error = toOutcomeError(failure, request);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
    expect(error.cause).toBe(failure.cause);
  });

  it('a 404 without a model is unsupported_by_provider', () => {
    const error = toOutcomeError(withStatus(404), { provider, purpose: 'management' });
    expect(error.code).toBe('unsupported_by_provider');
  });
});

const withCode = (code: string) =>
  Object.assign(new Error(`connect ${code} secret-host:7777 zqsecretkey`), { code });
const requestError = (thrown: unknown) =>
  toOutcomeError(toFailure(thrown), { provider, purpose: 'request' });

describe('the error of a gateway request for', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), 'refused the connection'],
    ['a refused connection on Bun', withCode('ConnectionRefused'), 'refused the connection'],
    ['an unknown host name', withCode('ENOTFOUND'), 'unknown host name'],
    [
      'a connection timeout',
      withCode('UND_ERR_CONNECT_TIMEOUT'),
      'did not accept a connection in time',
    ],
    ['a reset', withCode('ECONNRESET'), 'closed the connection before it answered'],
    [
      'the cause of another error',
      new TypeError('fetch failed', { cause: withCode('EHOSTUNREACH') }),
      'cannot be reached from here',
    ],
    ['any other value', 'odd', 'could not be reached'],
  ])('%s names the reason, and no address', (_what, thrown, text) => {
    const error = requestError(thrown);
    expect([error.code, error.status]).toEqual(['provider_unreachable', 502]);
    expect(error.headers).toEqual({ 'x-paddock-provider': 'lab' });
    expect(error.message).toMatch(/^lab .*: .*\bcheck .*, and its address in PROVIDERS\. /);
    expect(error.message).toContain(text);
    expect(error.message).not.toMatch(/secret|7777/);
    expect(error.cause).toBe(thrown);
  });

  it.each([
    ['of the process', withCode('EMFILE')],
    ['of the system', withCode('ENFILE')],
    ['in the cause of another error', new TypeError('fetch failed', { cause: withCode('EMFILE') })],
    ['in a message of libSQL', new Error('Too many open files (os error 24)')],
  ])('a lack of file descriptors names no provider: %s', (_what, thrown) => {
    const error = requestError(thrown);
    expect([error.code, error.status, error.headers]).toEqual([
      'overloaded',
      503,
      { 'retry-after': '1' },
    ]);
    expect(error.message).toContain('LimitNOFILE');
    expect(error.message).not.toMatch(/lab|secret/);
  });
});
