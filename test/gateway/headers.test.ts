import { describe, expect, it } from 'vitest';
import { toClientHeaders, toHeaderValue, toUpstreamHeaders } from '../../src/gateway/headers.ts';

const NOTHING = { own: {}, length: null };

describe('toUpstreamHeaders', () => {
  it.each([
    ['content-type', 'application/json'],
    ['accept', 'text/event-stream'],
    ['anthropic-version', '2023-06-01'],
    ['user-agent', 'curl/8'],
    ['x-request-id', 'abc'],
    ['traceparent', '00-1-2-01'],
  ])('passes %s on', (name, value) => {
    expect(toUpstreamHeaders({ [name]: value }, NOTHING)).toMatchObject({ [name]: value });
  });

  it.each([
    'accept-encoding',
    'api-key',
    'authorization',
    'connection',
    'content-length',
    'cookie',
    'expect',
    'host',
    'http2-settings',
    'keep-alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'x-api-key',
    'x-goog-api-key',
  ])('keeps %s behind', (name) => {
    expect(Object.values(toUpstreamHeaders({ [name]: 'of the client' }, NOTHING))).toEqual([
      'identity',
    ]);
  });

  it('keeps behind what the connection names as its own', () => {
    const client = {
      connection: 'close, X-Mine,x-other',
      'x-mine': '1',
      'x-other': '2',
      'x-z': '3',
    };
    expect(toUpstreamHeaders(client, NOTHING)).toEqual({
      'accept-encoding': 'identity',
      'x-z': '3',
    });
  });

  it('adds the provider’s credentials and the length that is known', () => {
    const own = { own: { authorization: 'Bearer own' }, length: 12 };
    expect(toUpstreamHeaders({ authorization: 'Bearer client' }, own)).toEqual({
      'accept-encoding': 'identity',
      authorization: 'Bearer own',
      'content-length': '12',
    });
  });
});

describe('toClientHeaders', () => {
  it.each([
    ['content-type', 'application/json'],
    ['content-length', '12'],
    ['content-encoding', 'zstd'],
    ['retry-after', '3'],
    ['x-request-id', 'abc'],
    ['date', 'Mon, 23 Nov 2026 00:00:00 GMT'],
  ])('passes %s on', (name, value) => {
    expect(toClientHeaders({ [name]: value }, {})).toEqual({ [name]: value });
  });

  it.each([
    'access-control-allow-origin',
    'access-control-expose-headers',
    'alt-svc',
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'set-cookie',
    'set-cookie2',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'www-authenticate',
  ])('keeps %s behind', (name) => {
    expect(toClientHeaders({ [name]: 'of the host' }, {})).toEqual({});
  });

  it('keeps proxies from holding events back', () => {
    const events = { 'content-type': 'text/event-stream; charset=utf-8' };
    expect(toClientHeaders(events, {})).toEqual({ ...events, 'x-accel-buffering': 'no' });
  });

  it('says which provider and model answered, whatever the host says', () => {
    const headers = toClientHeaders(
      { 'x-paddock-provider': 'other' },
      { 'x-paddock-provider': 'a' },
    );
    expect(headers).toEqual({ 'x-paddock-provider': 'a' });
  });
});

describe('toHeaderValue', () => {
  it.each([
    ['org/m:q4 (x)', 'org/m:q4 (x)'],
    ['100%', '100%'],
    ['模型', '%E6%A8%A1%E5%9E%8B'],
    ['é 🐎', '%C3%A9 %F0%9F%90%8E'],
  ])('writes %s', (text, value) => {
    expect(toHeaderValue(text)).toBe(value);
  });
});
