import { describe, expect, it } from 'vitest';
import {
  findForeignPage,
  type OriginHeader,
} from '../../../src/http/middleware/find-foreign-page.ts';

const LISTED = ['https://chat.example', 'app://obsidian.md'];
const find = (clues: Partial<Record<OriginHeader, string>>) =>
  findForeignPage((name) => ({ host: 'gate:8400', ...clues })[name], LISTED);

const CROSS = { 'sec-fetch-site': 'cross-site' };
const SAME = { 'sec-fetch-site': 'same-site' };

describe('no foreign page sends', () => {
  it.each<[string, Partial<Record<OriginHeader, string>>]>([
    ['a program that is no browser', {}],
    ['a page of Paddock’s own', { origin: 'http://gate:8400', 'sec-fetch-site': 'same-origin' }],
    ['its own behind what ends TLS', { origin: 'https://gate:8400' }],
    ['its own by a name in capitals', { origin: 'http://gate:8400', host: 'Gate:8400' }],
    ['its own with a port that is the protocol’s', { origin: 'https://gate', host: 'gate:443' }],
    ['its own by an IPv6 address', { origin: 'http://[::1]:8400', host: '[::1]:8400' }],
    [
      'its own behind a proxy with another name',
      { origin: 'https://gate.example', 'x-forwarded-host': 'gate.example, inner' },
    ],
    ['a listed page', { ...CROSS, origin: 'https://chat.example' }],
    ['a listed app', { ...CROSS, origin: 'app://obsidian.md' }],
    ['an image of a listed page', { ...CROSS, referer: 'https://chat.example/a?b' }],
    ['an image of an app', { ...CROSS, referer: 'app://obsidian.md' }],
    ['an image of a listed page of the same site', { ...SAME, referer: 'https://chat.example/' }],
    ['whoever typed the address', { 'sec-fetch-site': 'none' }],
    ['an image of its own page', { 'sec-fetch-site': 'same-origin', referer: 'http://gate:8400/' }],
  ])('what comes of %s', (_, clues) => {
    expect(find(clues)).toBeNull();
  });
});

describe('a foreign page sends', () => {
  it.each<[string, Partial<Record<OriginHeader, string>>, string]>([
    ['another site', { origin: 'https://evil.example' }, 'https://evil.example'],
    ['another port', { origin: 'http://gate:8401' }, 'http://gate:8401'],
    ['another protocol’s port', { origin: 'http://gate', host: 'gate:443' }, 'http://gate'],
    ['a sandboxed frame or a file', { origin: 'null' }, 'null'],
    ['a file, as some apps say it', { origin: 'file://' }, 'another site'],
    ['nowhere', { origin: '' }, 'another site'],
    ['a name that begins as its own', { origin: 'http://gate:84000' }, 'http://gate:84000'],
    [
      'a name that ends as a listed one',
      { origin: 'https://xchat.example' },
      'https://xchat.example',
    ],
    ['a listed name by http', { origin: 'http://chat.example' }, 'http://chat.example'],
    ['a listed name in capitals', { origin: 'https://Chat.example' }, 'https://Chat.example'],
    [
      'two origins, one listed',
      { origin: 'https://chat.example https://e.example' },
      'another site',
    ],
    ['an app by Paddock’s own name', { origin: 'app://gate:8400' }, 'app://gate:8400'],
    ['what would break a line', { origin: 'https://e\u001b[2J\u2028' }, 'another site'],
    [
      'a page that says it is its own',
      {
        origin: 'https://evil.example',
        'sec-fetch-site': 'same-origin',
        referer: 'http://gate:8400/',
      },
      'https://evil.example',
    ],
    [
      'a page behind a proxy',
      { origin: 'https://evil.example', 'x-forwarded-host': 'gate.example, evil.example' },
      'https://evil.example',
    ],
    ['an image without a word of its page', CROSS, 'another site'],
    ['an image of another port', { ...SAME, referer: 'http://gate:8401/' }, 'another site'],
    ['an image of another port that hides its page', SAME, 'another site'],
    ['an image of another page', { ...CROSS, referer: 'https://evil.example/' }, 'another site'],
    ['an image of Paddock’s name', { ...CROSS, referer: 'http://gate:8400/' }, 'another site'],
    [
      'an image of a page whose name begins as a listed one',
      { ...CROSS, referer: 'https://chat.example.evil.example/' },
      'another site',
    ],
    [
      'an image of a page that has a listed one as its user',
      { ...CROSS, referer: 'https://chat.example@evil.example/' },
      'another site',
    ],
    [
      'a page that names a listed one',
      { origin: 'null', referer: 'https://chat.example/' },
      'null',
    ],
  ])('what comes of %s', (_, clues, expected) => {
    expect(find(clues)).toBe(expected);
  });
});
