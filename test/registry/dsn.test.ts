import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseDsn, type Dsn } from '../../src/registry/dsn.ts';
import { KINDS } from '../../src/registry/kinds/kinds.ts';
import { llamaSwap } from '../../src/registry/kinds/llama-swap.ts';
import { openai } from '../../src/registry/kinds/openai.ts';
import { inputs } from '../fuzz.ts';

const parse = (text: string) => parseDsn(text, KINDS);

function accept(text: string): Dsn {
  const outcome = parse(text);
  if (!outcome.ok) throw new Error(outcome.reasons.join('\n'));
  return outcome.dsn;
}

function refuse(text: string): string {
  const outcome = parse(text);
  if (outcome.ok) throw new Error(`Expected a refusal but received ${JSON.stringify(outcome.dsn)}`);
  return outcome.reasons.join('\n');
}

describe('an address', () => {
  it.each([
    ['llama-swap on its default port', 'llama-swap://host', ['llama-swap', 'http://host:8080']],
    ['llama-swaps on its default port', 'llama-swaps://host', ['llama-swap', 'https://host']],
    ['openai on its default port', 'openai://host', ['openai', 'http://host']],
    ['openais on its default port', 'openais://host', ['openai', 'https://host']],
    ['a port', 'llama-swap://host:9292', ['llama-swap', 'http://host:9292']],
    ['the port of http', 'llama-swap://host:80', ['llama-swap', 'http://host']],
    ['its default port written out', 'llama-swap://host:8080', ['llama-swap', 'http://host:8080']],
    ['the port of https over http', 'openai://host:443', ['openai', 'http://host:443']],
    ['the port of http over https', 'llama-swaps://host:80', ['llama-swap', 'https://host:80']],
    ['the port of https', 'llama-swaps://host:443', ['llama-swap', 'https://host']],
    ['the highest port', 'openai://host:65535', ['openai', 'http://host:65535']],
    ['a slash at its end', 'openai://host/', ['openai', 'http://host']],
    ['a base', 'openai://host/proxy/lab', ['openai', 'http://host/proxy/lab']],
    ['a base with a slash at its end', 'openai://host/lab/', ['openai', 'http://host/lab']],
    ['a base of /v1', 'openai://host/v1', ['openai', 'http://host']],
    ['a base of /v1/', 'openai://host/v1/', ['openai', 'http://host']],
    ['a base that ends in /v1', 'openais://host/lab/v1', ['openai', 'https://host/lab']],
    ['a base with /v1 inside', 'openai://host/v1/lab', ['openai', 'http://host/v1/lab']],
    ['a base that ends like /v1', 'openai://host/labv1', ['openai', 'http://host/labv1']],
    ['an IPv4 address', 'llama-swap://10.0.0.7', ['llama-swap', 'http://10.0.0.7:8080']],
    ['an IPv6 address', 'llama-swap://[::1]', ['llama-swap', 'http://[::1]:8080']],
    ['an IPv6 address and a port', 'openai://[fd00::7]:9', ['openai', 'http://[fd00::7]:9']],
    ['a name with dots and hyphens', 'openai://gpu-1.lan', ['openai', 'http://gpu-1.lan']],
    ['a name with an underscore', 'openai://llama_swap', ['openai', 'http://llama_swap']],
  ] as const)('with %s becomes a base URL', (...[, text, [kind, baseUrl]]) => {
    expect(parse(text)).toMatchObject({
      ok: true,
      dsn: { kind: { name: kind }, baseUrl, token: null },
    });
  });

  it.each([
    ['nothing', '', /expected scheme:\/\//],
    ['no scheme', 'host:8080', /expected scheme:\/\//],
    ['another scheme', 'http://host', /llama-swap, llama-swaps, .*, openai or openais/],
    ['the scheme of another kind', 'deepseek://host', /scheme/],
    ['a scheme of the object prototype', 'constructor://host', /scheme/],
    ['one slash after its scheme', 'openai:/host', /expected scheme:\/\//],
    ['no host', 'openai://', /expected a host/],
    ['no host and a base', 'openai:///lab', /expected a host/],
    ['no host and a port', 'openai://:8080', /expected a host/],
    ['port 0', 'openai://host:0', /1 to 65535/],
    ['port 65536', 'openai://host:65536', /1 to 65535/],
    ['an empty port', 'openai://host:', /port/],
    ['a port of letters', 'openai://host:http', /port/],
    ['an IPv6 address without brackets', 'openai://fd00::7', /brackets/],
    ['an invalid IPv6 address', 'openai://[fd00::7::8]', /expected a host/],
    ['an invalid IPv4 address', 'openai://300.1.1.1', /expected a host/],
    ['a fragment', 'openai://host#lab', /#/],
    ['a space', 'openai://host/my lab', /white space/],
    ['a line break', 'openai://host\n', /white space/],
    ['a backslash', 'openai://host\\lab', /expected a host/],
  ])('with %s is refused', (...[, text, reason]) => {
    expect(refuse(text)).toMatch(reason);
  });

  test('never becomes a base URL that ends in a slash', () => {
    const segment = fc.constantFrom('', 'v1', 'lab', '.', '..', 'V1');
    const property = fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
      const { baseUrl } = accept(`openai://host/${segments.join('/')}`);
      expect(baseUrl).not.toMatch(/\/$/);
    });
    fc.assert(property, inputs(500));
  });
});

describe('a token', () => {
  it.each([
    ['literally', "openai://sk-123_~!$&'()*+,;=@host", "sk-123_~!$&'()*+,;="],
    ['percent-decoded', 'openai://a%2Fb%3Fc%23d%40e%3Af%25g@host', 'a/b?c#d@e:f%g'],
    ['percent-decoded once', 'openai://a%2540b@host', 'a%40b'],
    ['up to the last @ of the authority', 'openai://a@b@host', 'a@b'],
    ['with a plus sign, which is not a space', 'openai://a+b@host', 'a+b'],
    ['of any length', `openai://${'k'.repeat(2000)}@host`, 'k'.repeat(2000)],
  ])('is parsed %s', (...[, text, token]) => {
    expect(accept(text)).toEqual({ kind: openai, baseUrl: 'http://host', token });
  });

  test('of any visible ASCII survives encoding and parsing', () => {
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const property = fc.property(fc.string({ unit: visible, minLength: 1 }), (token) => {
      expect(accept(`llama-swap://${encodeURIComponent(token)}@host:1/b`).token).toBe(token);
    });
    fc.assert(property, inputs(500));
  });

  it.each([
    ['a user and a password', 'openai://user:word@host', /user:password@ is not accepted/],
    ['a password alone', 'openai://:word@host', /user:password@ is not accepted/],
    ['nothing before its @', 'openai://@host', /token of visible ASCII/],
    ['a broken percent sign', 'openai://a%zz@host', /percent-encoded token/],
    ['an encoded space', 'openai://a%20b@host', /visible ASCII/],
    ['an encoded line break', 'openai://a%0Ab@host', /visible ASCII/],
    ['a letter beyond ASCII', 'openai://clé@host', /visible ASCII/],
    ['bytes that are not UTF-8', 'openai://a%ff@host', /percent-encoded token/],
    ['a slash that is not encoded', 'openai://a/b@host', /percent-encoded \(%2F/],
    ['a question mark that is not encoded', 'openai://a?b@host', /percent-encoded \(%2F/],
    ['a hash that is not encoded', 'openai://a#b@host', /percent-encoded \(%2F/],
  ])('with %s is refused', (...[, text, reason]) => {
    expect(refuse(text)).toMatch(reason);
  });
});

describe('a query option', () => {
  it.each([
    ['label', 'label=The+big%20one%21', { label: 'The big one!' }],
    ['label of 100 characters', `label=${'🦙'.repeat(100)}`, { label: '🦙'.repeat(100) }],
    ['sidecar', 'sidecar=http://proxy:9000', { sidecar: 'http://proxy:9000' }],
    ['sidecar percent-encoded', 'sidecar=https%3A%2F%2Fp%2Fx', { sidecar: 'https://p/x' }],
    ['sidecar with /v1', 'sidecar=http://proxy/v1/', { sidecar: 'http://proxy' }],
    ['sidecar of IPv6', 'sidecar=http://[::1]:9000', { sidecar: 'http://[::1]:9000' }],
    ['timeout', 'timeout=2500', { timeoutMs: 2500 }],
    ['context', 'context=131072', { contextWindow: 131_072 }],
  ])('is parsed: %s', (...[, query, options]) => {
    const baseUrl = 'http://host';
    expect(accept(`openai://host?${query}`)).toEqual({
      kind: openai,
      baseUrl,
      token: null,
      ...options,
    });
  });

  test('is parsed with other options and a base path', () => {
    const query = 'context=8192&timeout=9&sidecar=http://p&label=L';
    expect(accept(`llama-swaps://key@host:8443/lab/v1?${query}`)).toEqual({
      kind: llamaSwap,
      baseUrl: 'https://host:8443/lab',
      token: 'key',
      label: 'L',
      sidecar: 'http://p',
      timeoutMs: 9,
      contextWindow: 8192,
    });
  });

  it.each([
    ['that is unknown', 'model=a', /unknown query option "model"/],
    ['in capitals', 'Label=a', /unknown query option "Label"/],
    ['of the object prototype', 'toString=a', /unknown query option "toString"/],
    ['named __proto__', '__proto__=a', /unknown query option "__proto__"/],
    ['given twice', 'label=a&label=b', /"label" is given twice/],
    ['label with a control character', 'label=a%07', /label/],
    ['label of 101 characters', `label=${'a'.repeat(101)}`, /1 to 100 characters/],
    ['timeout that is not a number', 'timeout=2s', /"timeout": expected a whole number/],
    ['timeout of 0', 'timeout=0', /"timeout": expected a whole number/],
    ['timeout below 0', 'timeout=-1', /"timeout": expected a whole number/],
    ['timeout with a fraction', 'timeout=1.5', /"timeout": expected a whole number/],
    ['timeout over ten minutes', 'timeout=600001', /from 1 to 600000/],
    ['context that is not a number', 'context=128k', /"context": expected a whole number/],
    ['context of 0', 'context=0', /"context": expected a whole number/],
    ['sidecar that is not a URL', 'sidecar=proxy:9000', /"sidecar": expected http:\/\//],
    ['sidecar of a DSN', 'sidecar=llama-swap://proxy', /"sidecar": expected http:\/\//],
    ['sidecar with a query', 'sidecar=http%3A%2F%2Fp%3Fa%3D1', /"sidecar"/],
    ['sidecar with credentials', 'sidecar=http%3A%2F%2Fkey%40p', /without credentials/],
    ['sidecar with a plain @', 'sidecar=http://key@p', /"@"/],
  ])('%s is refused', (...[, query, reason]) => {
    expect(refuse(`openai://host?${query}`)).toMatch(reason);
  });
});

test('reports every fault of a DSN at once', () => {
  const outcome = parse('openai://a:b@host:99999?model=x&timeout=soon&label=#end');
  expect(outcome).toEqual({
    ok: false,
    reasons: [
      expect.stringContaining('#'),
      expect.stringContaining('user:password@'),
      expect.stringContaining('port'),
      expect.stringContaining('"model"'),
      expect.stringContaining('"timeout"'),
      expect.stringContaining('"label"'),
    ],
  });
});

test('never throws, for any text', () => {
  const scrap = fc.constantFrom('openai', '://', '@', '[', ']', ':', '?', '&', '=', '%', '#', '/');
  const text = fc.array(fc.oneof(scrap, fc.string({ unit: 'binary', maxLength: 3 })));
  const property = fc.property(text, (scraps) => {
    const outcome = parse(scraps.join(''));
    if (!outcome.ok) expect(outcome.reasons).not.toEqual([]);
  });
  fc.assert(property, inputs(500));
});
