import { describe, expect, it } from 'vitest';
import {
  findForeignPage,
  type OriginHeader,
} from '../../../src/http/middleware/find-foreign-page.ts';

const LISTED = ['https://chat.example', 'app://obsidian.md'];
const find = (headers: Partial<Record<OriginHeader, string>>) =>
  findForeignPage((name) => ({ host: 'paddock:8400', ...headers })[name], LISTED);

const CROSS = { 'sec-fetch-site': 'cross-site' };
const SAME = { 'sec-fetch-site': 'same-site' };

describe('findForeignPage allows', () => {
  it.each<[string, Partial<Record<OriginHeader, string>>]>([
    ['a program that is not a browser', {}],
    ['a page of Paddock’s own', { origin: 'http://paddock:8400', 'sec-fetch-site': 'same-origin' }],
    ['its own page behind a TLS proxy', { origin: 'https://paddock:8400' }],
    [
      'its own page under a name in capitals',
      { origin: 'http://paddock:8400', host: 'Paddock:8400' },
    ],
    ['its own page with a default port', { origin: 'https://paddock', host: 'paddock:443' }],
    ['its own page at an IPv6 address', { origin: 'http://[::1]:8400', host: '[::1]:8400' }],
    [
      'its own page behind a proxy with another name',
      { origin: 'https://paddock.example', 'x-forwarded-host': 'paddock.example, inner' },
    ],
    ['a listed page', { ...CROSS, origin: 'https://chat.example' }],
    ['a listed app', { ...CROSS, origin: 'app://obsidian.md' }],
    ['an image on a listed page', { ...CROSS, referer: 'https://chat.example/a?b' }],
    ['an image in a listed app', { ...CROSS, referer: 'app://obsidian.md' }],
    ['an image on a listed page of the same site', { ...SAME, referer: 'https://chat.example/' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    [
      'an image on its own page',
      { 'sec-fetch-site': 'same-origin', referer: 'http://paddock:8400/' },
    ],
  ])('%s', (_, headers) => {
    expect(find(headers)).toBeNull();
  });
});

describe('findForeignPage refuses', () => {
  it.each<[string, Partial<Record<OriginHeader, string>>, string]>([
    ['another site', { origin: 'https://evil.example' }, 'https://evil.example'],
    ['another port', { origin: 'http://paddock:8401' }, 'http://paddock:8401'],
    [
      'another protocol’s port',
      { origin: 'http://paddock', host: 'paddock:443' },
      'http://paddock',
    ],
    ['a sandboxed frame or a file', { origin: 'null' }, 'null'],
    ['the origin file:// of some apps', { origin: 'file://' }, 'another site'],
    ['an empty origin', { origin: '' }, 'another site'],
    [
      'an origin that starts like its own',
      { origin: 'http://paddock:84000' },
      'http://paddock:84000',
    ],
    [
      'an origin that ends like a listed one',
      { origin: 'https://xchat.example' },
      'https://xchat.example',
    ],
    ['a listed name with http', { origin: 'http://chat.example' }, 'http://chat.example'],
    ['a listed name in capitals', { origin: 'https://Chat.example' }, 'https://Chat.example'],
    [
      'two origins, one listed',
      { origin: 'https://chat.example https://e.example' },
      'another site',
    ],
    ['an app with Paddock’s host name', { origin: 'app://paddock:8400' }, 'app://paddock:8400'],
    ['an origin with control characters', { origin: 'https://e\u001b[2J\u2028' }, 'another site'],
    [
      'a foreign origin with sec-fetch-site same-origin',
      {
        origin: 'https://evil.example',
        'sec-fetch-site': 'same-origin',
        referer: 'http://paddock:8400/',
      },
      'https://evil.example',
    ],
    [
      'a page behind a proxy',
      { origin: 'https://evil.example', 'x-forwarded-host': 'paddock.example, evil.example' },
      'https://evil.example',
    ],
    ['an image without a referer', CROSS, 'another site'],
    [
      'an image on a page of another port',
      { ...SAME, referer: 'http://paddock:8401/' },
      'another site',
    ],
    ['an image on the same site without a referer', SAME, 'another site'],
    ['an image on another page', { ...CROSS, referer: 'https://evil.example/' }, 'another site'],
    [
      'an image with Paddock as referer from another site',
      { ...CROSS, referer: 'http://paddock:8400/' },
      'another site',
    ],
    [
      'an image on a page whose name starts like a listed one',
      { ...CROSS, referer: 'https://chat.example.evil.example/' },
      'another site',
    ],
    [
      'an image on a page with a listed name as user',
      { ...CROSS, referer: 'https://chat.example@evil.example/' },
      'another site',
    ],
    [
      'a null origin with a listed referer',
      { origin: 'null', referer: 'https://chat.example/' },
      'null',
    ],
  ])('%s', (_, headers, expected) => {
    expect(find(headers)).toBe(expected);
  });
});
