import { describe, expect, it } from 'vitest';
import { readUpstreamPath, toClientLocation } from '../../src/gateway/upstream-path.ts';
import { parseSettings } from '../../src/settings/settings.ts';

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
  const { providers: hosts } = parseSettings({
    PROVIDERS: 'one=llama-swap://one based=llama-swaps://one/base',
  }).registry;
  const leads = (location: string, { name = 'one', path = '/upstream/m/a?b' } = {}) => {
    const provider = hosts.get(name)!;
    return toClientLocation(location, { provider, asked: provider.baseUrl + path });
  };

  it.each([
    ['/upstream/m/?x', '/upstream/one/m/?x'],
    ['/upstream/org%2Fm/#top', '/upstream/one/org%2Fm/#top'],
    ['http://one:8080/upstream/m/', '/upstream/one/m/'],
    ['//one:8080/upstream/m/', '/upstream/one/m/'],
    ['next?page=2', '/upstream/one/m/next?page=2'],
    ['', '/upstream/one/m/a?b'],
    ['?x=http://elsewhere/', '/upstream/one/m/a?x=http://elsewhere/'],
    ['../n/', '/upstream/one/n/'],
    ['/upstream/other/m/', '/upstream/one/other/m/'],
    ['/upstream/é', '/upstream/one/%C3%A9'],
  ])('leads by %j to %s', (location, own) => {
    expect(leads(location)).toBe(own);
  });

  it.each(['/base/upstream/m/', '/upstream/m/', './'])(
    'leads by %s to a provider with a base path',
    (location) => {
      expect(leads(location, { name: 'based' })).toBe('/upstream/based/m/');
    },
  );

  it.each([
    ['Paddock’s own routes', '/api/providers/two/unload'],
    ['another model’s server', '/props?model=two/m'],
    ['them by a way up', '/upstream/../api/unload'],
    ['them by an encoded way up', '/upstream/m/%2e%2E/.%2e/api/unload'],
    ['them by a way up with backslashes', '/upstream\\..\\api\\unload'],
    ['them relative to what was asked', '../../api/unload'],
    ['its own other routes', '/ui/models'],
    ['the prefix alone', '/upstream'],
    ['another host', 'http://elsewhere/upstream/m/'],
    ['another port', 'http://one:8081/upstream/m/'],
    ['another scheme', 'HTTPS:elsewhere'],
    ['https of the same host', 'https://one:8080/upstream/m/'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['another host by two slashes', '//elsewhere/upstream/'],
    ['another host by a backslash', '/\\elsewhere/upstream/'],
    ['another host by two backslashes', '\\\\elsewhere/upstream/'],
    ['another host by a tab', '/\t/elsewhere/upstream/'],
    ['another host by a tab in the scheme', 'h\tttp://elsewhere/upstream/'],
    ['another host by a space', ' //elsewhere/upstream/'],
    ['nothing', 'http://'],
  ])('does not lead to %s', (_what, location) => {
    expect(leads(location)).toBeNull();
  });

  it('leads from an inference route to nothing but the provider’s own pages', () => {
    const path = '/v1/chat/completions';
    expect(leads('?again', { path })).toBeNull();
    expect(leads('/v1/chat/completions/', { path })).toBeNull();
    expect(leads('/upstream/m/v1/chat/completions', { path })).toBe(
      '/upstream/one/m/v1/chat/completions',
    );
  });
});
