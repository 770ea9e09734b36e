import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toClientHeaders, toHeaderValue, toUpstreamHeaders } from '../../src/gateway/headers.ts';
import { inputs } from '../fuzz.ts';

const PER_CONNECTION = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
];
const CREDENTIALS = [
  ...['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'cookie2'],
];
const OF_HOSTS = ['set-cookie', 'set-cookie2', 'www-authenticate', 'alt-svc'];
const OTHERS = [
  ...['host', 'expect', 'content-length', 'accept-encoding', 'content-type', 'x-a', '__proto__'],
  ...['constructor', 'access-control-allow-origin', 'x-paddock-provider', 'x-paddock-model'],
];
/** Stands in every value that is not one of Paddock's own. */
const THEIRS = 'theirs';

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,12}$/);
const name = fc.oneof(
  fc.constantFrom(...PER_CONNECTION, ...CREDENTIALS, ...OF_HOSTS, ...OTHERS),
  token,
);
const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff\t]{0,20}$/).map((text) => THEIRS + text);
/** The list of a `connection` header, written in any way. */
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

/** What the other side asked to keep to its connection. */
function readKept({ connection = '' }: Record<string, string>): string[] {
  return connection.split(',').map((entry) => entry.trim().toLowerCase());
}

describe('whatever headers come', () => {
  test('a host gets none of the connection’s and none of the client’s credentials, but Paddock’s own', () => {
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
      const gone = [...PER_CONNECTION, ...CREDENTIALS, 'host', 'expect', ...readKept(client)];
      for (const [key, text] of Object.entries(sent)) {
        if (key in own) continue;
        expect(gone).not.toContain(key);
        expect(text).toBe(client[key]);
      }
      for (const key of ['content-type', 'x-a']) {
        if (key in client && !gone.includes(key)) expect(sent[key]).toBe(client[key]);
      }
    });
    fc.assert(property, inputs(2000));
  });

  test('a client gets none of the connection’s and nothing that browsers obey, and Paddock’s own names', () => {
    const property = fc.property(headers, (host) => {
      const own = { 'x-paddock-provider': 'own' };
      const passed = toClientHeaders(host, own);
      expect(passed).toMatchObject(own);
      const gone = [...PER_CONNECTION, ...OF_HOSTS, ...readKept(host)];
      for (const [key, text] of Object.entries(passed)) {
        if (key in own) continue;
        expect(gone).not.toContain(key);
        expect(key).not.toMatch(/^access-control-/);
        expect(text).toBe(host[key]);
      }
    });
    fc.assert(property, inputs(2000));
  });

  test('any well-formed text becomes a value that every server takes, and is read back from it', () => {
    const text = fc.string({ unit: 'binary' }).filter((candidate) => candidate.isWellFormed());
    const property = fc.property(text, (candidate) => {
      const written = toHeaderValue(candidate);
      expect(written).toMatch(/^[\x20-\x7e]*$/);
      if (!candidate.includes('%')) expect(decodeURIComponent(written)).toBe(candidate);
    });
    fc.assert(property, inputs(1000));
  });
});
