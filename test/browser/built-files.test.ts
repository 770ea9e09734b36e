import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { readConsoleScripts, readPickerBytes } from './built-scripts.ts';
import { ROOT } from '../runtimes/runtimes.ts';

const ASSETS = join(ROOT, 'dist/assets');
const TEXTS = /\.(?:html|js|css|svg)$/u;

const consoleFiles = readdirSync(join(ASSETS, 'console')).filter((name) => TEXTS.test(name));
const readAsset = (path: string) => readFileSync(join(ASSETS, path), 'utf8');
const sum = (sizes: readonly number[]) => sizes.reduce((total, bytes) => total + bytes, 0);

/** Addresses in the built files that no page requests. */
const NAMES = [
  // Namespaces.
  'http://www.w3.org/',
  // Links in a library's error messages.
  'https://github.com/markedjs/',
  'https://github.com/highlightjs/',
  // In snippets to copy: the schema of opencode.json, and the machine's name inside containers.
  'https://opencode.ai/config.json',
  'http://host.docker.internal',
];

const ADDRESS =
  /\b(?:https?|wss?):\/\/[^\s"'`)<>\\]+|(?<=["'`(])\/\/[a-z\d-]+\.[a-z][^\s"'`)<>\\]*/giu;

describe('the built files for browsers', () => {
  it('have at most 64 kB of JavaScript for the console, without charts, Markdown and client settings', () => {
    const scripts = readConsoleScripts(ASSETS).filter(({ isLate }) => !isLate);
    expect(scripts.length).toBeGreaterThan(1);
    expect(sum(scripts.map(({ bytes }) => bytes))).toBeLessThanOrEqual(64_000);
  });

  it('have at most 22 kB for the picker', () => {
    expect(readPickerBytes(ASSETS)).toBeLessThanOrEqual(22_000);
  });

  it('have one module for the picker, without imports', () => {
    const { errors, module } = parseSync('picker.js', readAsset('picker.js'));
    const reexports = module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest ?? []),
    );
    expect(errors).toEqual([]);
    expect([...module.staticImports, ...module.dynamicImports, ...reexports]).toEqual([]);
  });

  it('have a content hash in the name of each file of the console', () => {
    expect(consoleFiles.filter((name) => !/-[\w-]{8}\.\w+$/u.test(name))).toEqual([]);
  });

  it('have no inline script or style in the page', () => {
    const page = readAsset('index.html');
    const scripts = [...page.matchAll(/<script\b([^>]*)>([^<]*)/gu)];
    expect(scripts).not.toEqual([]);
    for (const [, attributes, text] of scripts) {
      expect(attributes).toMatch(/\ssrc="\.?\/console\//u);
      expect(text?.trim()).toBe('');
    }
    expect(page).not.toMatch(/<style\b|\sstyle=|\son\w+=|javascript:/u);
  });

  it.each(['index.html', 'picker.js', ...consoleFiles.map((name) => `console/${name}`)])(
    'name no other origin in %s',
    (path) => {
      const addresses = readAsset(path).match(ADDRESS) ?? [];
      const others = addresses.filter((address) => !NAMES.some((name) => address.startsWith(name)));
      expect(others).toEqual([]);
    },
  );
});
