import { describe, expect, it } from 'vitest';
import { isAllowedHost, readHostName } from '../../../src/http/middleware/is-allowed-host.ts';

const ALLOWED = ['paddock.example', '*.example.org', '127.0.0.1'];

function isAllowed(host: string): boolean {
  const name = readHostName(host);
  return name !== null && isAllowedHost(name, ALLOWED);
}

describe('isAllowedHost accepts', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8400',
    '127.0.0.1.',
    '192.168.1.20:8400',
    '100.64.0.1',
    '0.0.0.0:1',
    '[::1]',
    '[::1]:8400',
    '[fd7a:115c:a1e0::1]:8400',
    '[::FFFF:127.0.0.1]',
    'localhost',
    'localhost:8400',
    'localhost.',
    'localhost.:8400',
    'LocalHost:8400',
    'paddock.localhost',
    'desktop',
    'DESKTOP:80',
    'my_paddock:8400',
    'lab.tail1234.ts.net',
    'printer.local',
    'nas.lan:8400',
    'nas.home.arpa',
    'paddock.internal',
    'paddock.example',
    'PADDOCK.example.:443',
    'a.example.org',
    'a.b.example.org',
  ])('%s', (host) => {
    expect(isAllowed(host)).toBe(true);
  });
});

describe('isAllowedHost refuses', () => {
  it.each([
    '',
    ' ',
    '.',
    ':8400',
    'evil.com',
    'evil.com:8400',
    '127.0.0.1.evil.com',
    '127.0.0.1.evil.com:8400',
    'localhost.evil.com',
    'evil.com.',
    'evil.com..',
    'localhost..',
    'evil.com:80@x',
    'user@localhost',
    'user:password@127.0.0.1',
    'evil.com#localhost',
    'evil.com/localhost',
    'evil.com\\localhost',
    'evil.com localhost',
    'localhost, evil.com',
    'localhost:8400:8400',
    'localhost:',
    'localhost:http',
    'localhost:999999',
    'http://localhost',
    // Other forms of 127.0.0.1. Browsers never send them.
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '127.0.0.01',
    '127.0.0.256',
    '1.2.3.4.5',
    'a.1',
    '::1',
    '[::1',
    '[::1]x',
    '[::1].evil.com',
    '[fe80::1%25eth0]',
    '[evil.com]',
    'paddock.example.evil.com',
    'xpaddock.example',
    'example.org',
    'xexample.org',
    'xlocal.evil.com',
    'evil.notlocal',
    'evil-ts.net',
    'ts.net.evil.com',
    'ünder.local',
    'lo\u212Aalhost',
    '-a.local',
    'a\u0000.local',
    `${'a'.repeat(64)}.local`,
    `${'a.'.repeat(200)}local`,
  ])('%j', (host) => {
    expect(isAllowed(host)).toBe(false);
  });
});
