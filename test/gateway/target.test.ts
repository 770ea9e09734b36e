import { describe, expect, it } from 'vitest';
import { splitUrl, toInferenceTarget, toManagementTarget } from '../../src/gateway/target.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const { providers } = parseSettings({
  PROVIDERS: [
    'plain=llama-swap://plain',
    'side=llama-swap://t0ken@side/base?sidecar=https://sidecar:1/s',
  ].join(' '),
  DEEPSEEK_API_KEY: 'key',
}).registry;
const provider = (name: string) => providers.get(name)!;
const chat = { path: '/v1/chat/completions', query: '?x' };
const messages = { path: '/v1/messages/count_tokens', query: '' };

describe('a target', () => {
  it.each([
    ['plain', chat, 'http://plain:8080', '/v1/chat/completions?x', 'no-key'],
    ['side', chat, 'https://sidecar:1/s', '/v1/chat/completions?x', 't0ken'],
    ['deepseek', chat, 'https://api.deepseek.com', '/v1/chat/completions?x', 'key'],
  ])('for inference at %s', (name, url, base, path, key) => {
    expect(toInferenceTarget(provider(name), url)).toEqual({
      provider: provider(name),
      base,
      path,
      credentials: { authorization: `Bearer ${key}` },
    });
  });

  it.each([
    ['plain', '/v1/messages/count_tokens', 'no-key'],
    ['side', '/v1/messages/count_tokens', 't0ken'],
    ['deepseek', '/anthropic/v1/messages/count_tokens', 'key'],
  ])('for Anthropic’s routes at %s has the key in both headers', (name, path, key) => {
    expect(toInferenceTarget(provider(name), messages)).toMatchObject({
      path,
      credentials: { authorization: `Bearer ${key}`, 'x-api-key': key },
    });
  });

  it('for management is never the sidecar', () => {
    expect(
      toManagementTarget(provider('side'), { path: '/props', query: '?model=m' }),
    ).toMatchObject({
      base: 'http://side:8080/base',
      path: '/props?model=m',
    });
  });
});

describe('splitUrl', () => {
  it.each([
    ['http://h/v1/x?a=/b?c', '/v1/x', '?a=/b?c'],
    ['http://[::1]:8400/', '/', ''],
    ['http://h/a%2Fb//c?', '/a%2Fb//c', '?'],
  ])('splits %s', (url, path, query) => {
    expect(splitUrl(url)).toEqual({ path, query });
  });
});
