import { expect, it } from 'vitest';
import { readValues } from '../../src/settings/read-values.ts';
import type { Fault } from '../../src/registry/fault.ts';

// CORS_ORIGINS

function parse(...entries: string[]) {
  const faults: Fault[] = [];
  return { origins: readValues({ CORS_ORIGINS: entries.join() }, faults).CORS_ORIGINS, faults };
}

it.each([
  'https://chat.example',
  'http://localhost:5173',
  'http://[::1]:3000',
  'https://xn--mnchen-3ya.example:8443',
  // Origins of desktop apps and extensions.
  'app://obsidian.md',
  'tauri://localhost',
  'capacitor://localhost:3000',
  'vscode-webview://0dd2ltj5s4jbfq8ac',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
])('accepts %s', (origin) => {
  expect(parse(` ${origin} `)).toEqual({ origins: [origin], faults: [] });
});

it.each([
  '*',
  'null',
  'chat.example',
  'https://*.example',
  'https://a.example/',
  'https://a.example/x',
  'https://a.example?',
  'https://user@a.example',
  'https://A.example',
  'https://a.example:443',
  'https://münchen.example',
  'ws://a.example',
  'wss://a.example',
  'ftp://a.example',
  'file://',
  'file://a',
  'data://a',
  'blob:https://a.example',
  'javascript://a',
  'about:blank',
  'app://',
  'app://*',
  'app://a/',
  'app://a.',
  'app://A',
  'App://a',
  'app://a:0',
  'app://user@a',
  'app://a?',
  'app:a',
  '://a',
  'https://',
  'https://a.example http://b.example',
])('refuses %s', (origin) => {
  const { faults } = parse('https://b.example', origin);
  expect(faults).toMatchObject([{ variable: 'CORS_ORIGINS', entry: 'entry 2' }]);
  expect(faults[0]?.message).toMatch(/expected an origin/);
});
