import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toClientHeaders, toHeaderValue, toUpstreamHeaders } from '../../src/gateway/headers.ts';
import { inputs } from '../fuzz.ts';

const PER_CONNECTION = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'transfer-encoding', 'upgrade', 'http2-settings'],
];
/** Headers that reveal Paddock's address or the browser. */
const OF_BROWSERS = ['origin', 'referer', 'sec-fetch-site', 'sec-ch-ua', 'sec-websocket-key'];
const CREDENTIALS = [
  ...['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'cookie2'],
];
const OF_HOSTS = [
  'set-cookie',
  'www-authenticate',
  'alt-svc',
  'clear-site-data',
  'link',
  'refresh',
];
const OTHERS = [
  ...['host', 'expect', 'content-length', 'accept-encoding', 'content-type', 'x-a', '__proto__'],
  ...['constructor', 'access-control-allow-origin', 'x-paddock-provider', 'x-paddock-model'],
  ...['content-security-policy', 'trailer', 'vary', 'x-accel-redirect', 'ratelimit-a', 'location'],
];
/** Prefixes that a name may have, and any rest. */
const PREFIXES = ['content-', 'x-', 'x-paddock-', 'openai-', 'anthropic-', 'ratelimit-', 'sec-'];
/** Starts every value that is not Paddock's own. */
const FOREIGN = 'foreign';

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,12}$/);
const name = fc.oneof(
  fc.constantFrom(...PER_CONNECTION, ...CREDENTIALS, ...OF_HOSTS, ...OF_BROWSERS, ...OTHERS),
  fc.tuple(fc.constantFrom(...PREFIXES), token).map(([prefix, rest]) => prefix + rest),
  token,
);
const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff\t]{0,20}$/).map((text) => FOREIGN + text);
/** A `connection` header with any spaces and any case. */
const named = fc
  .array(fc.tuple(name, fc.constantFrom('', ' ', '\t'), fc.boolean()), { maxLength: 6 })
  .map((entries) =>
    entries
      .map(([entry, space, loud]) => space + (loud ? entry.toUpperCase() : entry) + space)
      .join(','),
  );
const headers = fc
  .tuple(fc.array(fc.tuple(name, value), { maxLength: 12 }), fc.option(named))
  .map(([entries, connection]) =>
    Object.fromEntries(connection === null ? entries : [...entries, ['connection', connection]]),
  );

const OWN = { authorization: 'Bearer own', 'x-api-key': 'own' };

/** The headers that may reach a client: a second implementation of the rule. */
const MAY_PASS = new Set(
  'accept-ranges age cache-control date etag expires last-modified request-id retry-after server-timing trailer vary'.split(
    ' ',
  ),
);
const mayPass = (key: string) =>
  MAY_PASS.has(key) ||
  key === 'x-accel-buffering' ||
  (['content-', 'ratelimit-', 'openai-', 'anthropic-', 'x-'].some((start) =>
    key.startsWith(start),
  ) &&
    !['content-security-policy', 'x-paddock-', 'x-accel-', 'x-sendfile'].some((start) =>
      key.startsWith(start),
    ));

/** The headers that `connection` names. */
function readKept({ connection = '' }: Record<string, string>): string[] {
  return connection.split(',').map((entry) => entry.trim().toLowerCase());
}

describe('for any headers', () => {
  test('an upstream gets no connection headers and no credentials but its own', () => {
    const length = fc.option(fc.nat());
    const property = fc.property(headers, length, fc.boolean(), (client, bytes, anthropic) => {
      const credentials = anthropic ? OWN : { authorization: OWN.authorization };
      const sent = toUpstreamHeaders(client, { own: credentials, length: bytes });
      const own = {
        ...credentials,
        'accept-encoding': 'identity',
        ...(bytes !== null && { 'content-length': String(bytes) }),
      };
      expect(sent).toMatchObject(own);
      const gone = [
        ...[...PER_CONNECTION, ...CREDENTIALS, ...OF_BROWSERS],
        ...['host', 'expect', 'trailer', ...readKept(client)],
      ];
      for (const [key, text] of Object.entries(sent)) {
        if (key in own) continue;
        expect(gone).not.toContain(key);
        expect(key).not.toMatch(/^sec-/);
        expect(text).toBe(client[key]);
      }
      for (const key of ['content-type', 'x-a']) {
        if (key in client && !gone.includes(key)) expect(sent[key]).toBe(client[key]);
      }
    });
    fc.assert(property, inputs(2000));
  });

  test('a client gets exactly the allowed headers and Paddock’s own', () => {
    const property = fc.property(headers, (host) => {
      const own = { 'x-paddock-provider': 'own', 'content-security-policy': 'sandbox' };
      const passed = toClientHeaders(host, own);
      const kept = readKept(host);
      const expected = Object.entries(host).filter(
        ([key]) => mayPass(key) && !kept.includes(key) && !PER_CONNECTION.includes(key),
      );
      expect(passed).toEqual({ ...Object.fromEntries(expected), ...own });
    });
    fc.assert(property, inputs(2000));
  });

  test('any well-formed text becomes a printable ASCII value that decodes to it', () => {
    const text = fc.string({ unit: 'binary' }).filter((candidate) => candidate.isWellFormed());
    const property = fc.property(text, (candidate) => {
      const written = toHeaderValue(candidate);
      expect(written).toMatch(/^[\x20-\x7e]*$/);
      if (!candidate.includes('%')) expect(decodeURIComponent(written)).toBe(candidate);
    });
    fc.assert(property, inputs(1000));
  });
});
