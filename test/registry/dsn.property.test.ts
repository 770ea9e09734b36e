import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDsn } from '../../src/registry/dsn.ts';
import { KINDS } from '../../src/registry/kinds/kinds.ts';
import { llamaSwap } from '../../src/registry/kinds/llama-swap.ts';
import { openai } from '../../src/registry/kinds/openai.ts';
import { inputs } from '../fuzz.ts';

const SCHEMES = {
  'llama-swap': { kind: llamaSwap, protocol: 'http:', port: 8080 },
  'llama-swaps': { kind: llamaSwap, protocol: 'https:', port: 443 },
  openai: { kind: openai, protocol: 'http:', port: 80 },
  openais: { kind: openai, protocol: 'https:', port: 443 },
} as const;

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
const host = fc.oneof(
  // URL reads a name whose last part is digits as an IPv4 address.
  fc
    .tuple(fc.array(label, { maxLength: 3 }), fc.stringMatching(/^[a-z][a-z-]{0,8}[a-z]$/))
    .map(([labels, last]) =>
      [...labels, last].filter((part) => !part.startsWith('xn--')).join('.'),
    ),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
);
const token = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const path = fc
  .array(fc.stringMatching(/^[a-z0-9_~-]{1,8}$/), { maxLength: 3 })
  .filter((segments) => segments.at(-1) !== 'v1');

const scrap = fc.constantFrom(
  ...['openai', 'llama-swaps', '://', '@', '[', ']', '::1', ':', '?', '&', '=', '%', '%2f', '#'],
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '127.1',
    '0x7f.1',
    'a',
    'ß',
    '。',
    '％',
    '@b',
    ':80',
    'v1',
  ],
);
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: scrap }, fc.string({ unit: 'binary', maxLength: 3 })))
  .map((scraps) => `openai://${scraps.join('')}`);

describe('parseDsn', () => {
  test('answers the base URL and the token of any valid DSN', () => {
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }));
    const scheme = fc.constantFrom(...(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[]));
    const property = fc.property(
      fc.record({ scheme, token: fc.option(token), host, port, path }),
      (parts) => {
        const { kind, protocol, port: usual } = SCHEMES[parts.scheme];
        const userinfo = parts.token === null ? '' : `${encodeURIComponent(parts.token)}@`;
        const at = parts.port === null ? '' : `:${parts.port}`;
        const base = parts.path.map((segment) => `/${segment}`).join('');
        const outcome = parseDsn(`${parts.scheme}://${userinfo}${parts.host}${at}${base}`, KINDS);
        const { origin } = new URL(`${protocol}//${parts.host}:${parts.port ?? usual}`);
        expect(outcome).toEqual({
          ok: true,
          dsn: { kind, baseUrl: origin + base, token: parts.token },
        });
      },
    );
    fc.assert(property, inputs(1000));
  });

  test('refuses any other text, or answers a base URL without credentials, query or fragment', () => {
    let accepted = 0;
    const property = fc.property(text, (written) => {
      const outcome = parseDsn(written, KINDS);
      if (!outcome.ok) return;
      accepted += 1;
      const { baseUrl, token: credential } = outcome.dsn;
      const { href, origin, pathname } = new URL(baseUrl);
      expect([origin, origin + pathname]).toContain(baseUrl);
      expect(href.replace(/\/$/, '')).toBe(baseUrl);
      expect(baseUrl).not.toMatch(/[@\\?#\s\p{Cc}]/u);
      // A path that is appended must not change the host or the port.
      expect(new URL(`${baseUrl}/v1/models`).origin).toBe(origin);
      if (credential !== null) expect(credential).toMatch(/^[\x21-\x7e]+$/);
    });
    const runs = inputs(3000);
    fc.assert(property, runs);
    expect(accepted).toBeGreaterThan(runs.numRuns / 30);
  });
});
