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
  ])('removes the provider from %s', (path, rest) => {
    expect(readUpstreamPath(path, providers)).toMatchObject({
      provider: { name: 'one' },
      path: rest,
    });
  });

  it.each([
    ['an unknown provider', '/upstream/missing/m', 'unknown_provider'],
    ['a bare model', '/upstream/m', 'unknown_provider'],
    ['a name of the object prototype', '/upstream/constructor/m', 'unknown_provider'],
    ['a provider without /upstream', '/upstream/two/m', 'unsupported_by_provider'],
    ['dot segments after an encoded slash', '/upstream/one%2f../unload', 'invalid_request'],
    ['dot segments between encoded slashes', '/upstream/one/..%2F..%2fx', 'invalid_request'],
    ['dot segments between encoded backslashes', '/upstream/one/m%5C%2e%2E%5cx', 'invalid_request'],
    ['a dot segment at the end', '/upstream/one/m%2f.', 'invalid_request'],
  ])('refuses %s', (_what, path, code) => {
    expect(() => readUpstreamPath(path, providers)).toThrow(expect.objectContaining({ code }));
  });
});

describe('toClientLocation', () => {
  const { providers: hosts } = parseSettings({
    PROVIDERS: 'one=llama-swap://one based=llama-swaps://one/base',
  }).registry;
  const locate = (location: string, { name = 'one', path = '/upstream/m/a?b' } = {}) => {
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
  ])('maps %j to %s', (location, own) => {
    expect(locate(location)).toBe(own);
  });

  it.each(['/base/upstream/m/', '/upstream/m/', './'])(
    'maps %s for a provider with a base path',
    (location) => {
      expect(locate(location, { name: 'based' })).toBe('/upstream/based/m/');
    },
  );

  it.each([
    ['Paddock’s own routes', '/api/providers/two/unload'],
    ['another model’s server', '/props?model=two/m'],
    ['Paddock’s own routes by dot segments', '/upstream/../api/unload'],
    ['Paddock’s own routes by encoded dot segments', '/upstream/m/%2e%2E/.%2e/api/unload'],
    ['Paddock’s own routes by dot segments and backslashes', '/upstream\\..\\api\\unload'],
    ['Paddock’s own routes by a relative path', '../../api/unload'],
    ['other routes of the provider', '/ui/models'],
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
    ['an invalid URL', 'http://'],
  ])('drops a location of %s', (_what, location) => {
    expect(locate(location)).toBeNull();
  });

  it('maps locations of an inference route only below /upstream', () => {
    const path = '/v1/chat/completions';
    expect(locate('?again', { path })).toBeNull();
    expect(locate('/v1/chat/completions/', { path })).toBeNull();
    expect(locate('/upstream/m/v1/chat/completions', { path })).toBe(
      '/upstream/one/m/v1/chat/completions',
    );
  });
});
