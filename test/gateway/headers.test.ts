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
    'origin',
    'proxy-authorization',
    'proxy-connection',
    'referer',
    'sec-ch-ua',
    'sec-fetch-site',
    'sec-websocket-key',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'x-api-key',
    'x-goog-api-key',
  ])('removes %s', (name) => {
    expect(Object.values(toUpstreamHeaders({ [name]: 'of the client' }, NOTHING))).toEqual([
      'identity',
    ]);
  });

  it('removes headers that Connection names', () => {
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

  it('adds the provider’s credentials and a known length', () => {
    const own = { own: { authorization: 'Bearer own' }, length: 12 };
    expect(toUpstreamHeaders({ authorization: 'Bearer client' }, own)).toEqual({
      'accept-encoding': 'identity',
      authorization: 'Bearer own',
      'content-length': '12',
    });
  });

  it('passes Accept-Encoding on when the answer passes through compressed', () => {
    const client = { 'accept-encoding': 'gzip, br' };
    expect(toUpstreamHeaders(client, { ...NOTHING, acceptEncoding: 'gzip, br' })).toEqual(client);
  });
});

describe('toClientHeaders', () => {
  it.each([
    'accept-ranges',
    'age',
    'anthropic-organization-id',
    'anthropic-ratelimit-tokens-remaining',
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
    'content-length',
    'content-location',
    'content-range',
    'content-type',
    'date',
    'etag',
    'expires',
    'last-modified',
    'openai-processing-ms',
    'openai-version',
    'ratelimit-limit',
    'ratelimit-remaining',
    'request-id',
    'retry-after',
    'server-timing',
    'trailer',
    'vary',
    'x-accel-buffering',
    'x-frame-options',
    'x-ratelimit-remaining-tokens',
    'x-request-id',
    'x-stainless-arch',
  ])('passes %s on', (name) => {
    expect(toClientHeaders({ [name]: 'of the provider' }, {})).toEqual({
      [name]: 'of the provider',
    });
  });

  it.each([
    ['connection headers', 'connection keep-alive proxy-connection transfer-encoding upgrade'],
    ['challenges and cookies', 'www-authenticate proxy-authenticate set-cookie set-cookie2'],
    [
      'cross-origin permissions',
      'access-control-allow-origin access-control-expose-headers timing-allow-origin',
    ],
    ['headers that change storage', 'clear-site-data set-login activate-storage-access'],
    ['service worker permissions', 'service-worker-allowed'],
    ['redirects and alternative addresses', 'location refresh link alt-svc use-as-dictionary'],
    ['headers for the whole host', 'strict-transport-security public-key-pins expect-ct'],
    ['reporting headers', 'nel report-to reporting-endpoints'],
    [
      'policies',
      'content-security-policy content-security-policy-report-only permissions-policy document-policy referrer-policy origin-trial origin-agent-cluster',
    ],
    [
      'isolation policies',
      'cross-origin-opener-policy cross-origin-embedder-policy cross-origin-resource-policy',
    ],
    ['headers that make browsers load files', 'speculation-rules sourcemap accept-ch critical-ch'],
    [
      'Paddock’s own headers',
      'x-paddock-provider x-paddock-model x-paddock-note x-paddock-anything',
    ],
    [
      'commands for reverse proxies',
      'x-accel-redirect x-accel-expires x-accel-limit-rate x-sendfile x-sendfile-temporary x-lighttpd-send-file x-litespeed-location x-reproxy-url x-reproxy-file',
    ],
    [
      'unknown headers',
      'server allow via anything contents xylophone openai __proto__ constructor',
    ],
  ])('removes %s', (_what, names) => {
    const headers = Object.fromEntries(names.split(' ').map((name) => [name, 'of the provider']));
    expect(toClientHeaders(headers, {})).toEqual({});
  });

  it('removes headers that Connection names', () => {
    const headers = { connection: 'close, X-Mine', 'x-mine': '1', 'x-other': '2' };
    expect(toClientHeaders(headers, {})).toEqual({ 'x-other': '2' });
  });

  it('adds X-Accel-Buffering: no to event streams', () => {
    const events = { 'content-type': 'text/event-stream; charset=utf-8' };
    expect(toClientHeaders(events, {})).toEqual({ ...events, 'x-accel-buffering': 'no' });
  });

  it('replaces x-paddock-provider of an upstream', () => {
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
  ])('encodes %s', (text, value) => {
    expect(toHeaderValue(text)).toBe(value);
  });
});
