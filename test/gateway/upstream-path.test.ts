import { describe, expect, it } from 'vitest';
import { readUpstreamPath, toClientLocation } from '../../src/gateway/upstream-path.ts';
import { parseSettings } from '../../src/registry/settings.ts';

const { providers } = parseSettings({
  PROVIDERS: 'one=llama-swap://one two=openai://two',
}).registry;

describe('readUpstreamPath', () => {
  it.each([
    ['/upstream/one/m/slots', '/upstream/m/slots'],
    ['/upstream/one/org%2Fm//x%20y/', '/upstream/org%2Fm//x%20y/'],
    ['/upstream/one%2Fm/x', '/upstream/m/x'],
    ['/upstream/one%2fm', '/upstream/m'],
    ['/upstream/one/', '/upstream/'],
    ['/upstream/one', '/upstream/'],
    ['/upstream/one/m/a..b/...', '/upstream/m/a..b/...'],
  ])('takes the provider out of %s', (path, rest) => {
    expect(readUpstreamPath(path, providers)).toMatchObject({
      provider: { name: 'one' },
      path: rest,
    });
  });

  it.each([
    ['nobody', '/upstream/nobody/m', 'unknown_provider'],
    ['a bare model', '/upstream/m', 'unknown_provider'],
    ['an object’s own property', '/upstream/constructor/m', 'unknown_provider'],
    ['no llama-swap', '/upstream/two/m', 'unsupported_by_provider'],
    ['a way up behind an encoded slash', '/upstream/one%2f../unload', 'invalid_request'],
    ['an encoded way up', '/upstream/one/..%2F..%2fx', 'invalid_request'],
    ['a way up in other slashes', '/upstream/one/m%5C%2e%2E%5cx', 'invalid_request'],
    ['a way up at the end', '/upstream/one/m%2f.', 'invalid_request'],
  ])('refuses %s', (_what, path, code) => {
    expect(() => readUpstreamPath(path, providers)).toThrow(expect.objectContaining({ code }));
  });
});

describe('toClientLocation', () => {
  const provider = providers.get('one')!;
  it.each([
    ['/upstream/m/?x', '/upstream/one/m/?x'],
    ['/ui/models', '/ui/models'],
    ['next?page=2', 'next?page=2'],
    ['', ''],
    ['?x=http://elsewhere/', '?x=http://elsewhere/'],
    ['http://elsewhere/upstream/m/', null],
    ['HTTPS:elsewhere', null],
    ['javascript:alert(1)', null],
    ['//elsewhere/', null],
    ['/\\elsewhere/', null],
    ['\\\\elsewhere/', null],
    ['/\t/elsewhere/', null],
    ['h\tttp://elsewhere/', null],
    ['http\t://elsewhere/', null],
    [' //elsewhere/', null],
  ])('of %s is %s', (location, own) => {
    expect(toClientLocation(location, provider)).toBe(own);
  });
});
