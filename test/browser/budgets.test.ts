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

/** Addresses that stand in what is sent and are never asked. */
const NAMES = [
  // Namespaces.
  'http://www.w3.org/',
  // Where the words of a library's errors send its developers.
  'https://github.com/markedjs/',
  'https://github.com/highlightjs/',
  // What is shown to be copied: the schema that an opencode.json names, and this machine as containers know it.
  'https://opencode.ai/config.json',
  'http://host.docker.internal',
];

const ADDRESS =
  /\b(?:https?|wss?):\/\/[^\s"'`)<>\\]+|(?<=["'`(])\/\/[a-z\d-]+\.[a-z][^\s"'`)<>\\]*/giu;

describe('what browsers are sent', () => {
  it('is at most 64 kB of JavaScript for the console, but for charts and Markdown', () => {
    const scripts = readConsoleScripts(ASSETS).filter(({ isLate }) => !isLate);
    expect(scripts.length).toBeGreaterThan(1);
    expect(sum(scripts.map(({ bytes }) => bytes))).toBeLessThanOrEqual(64_000);
  });

  it('is at most 20 kB for the picker', () => {
    expect(readPickerBytes(ASSETS)).toBeLessThanOrEqual(20_000);
  });

  it('is one module for the picker, which imports nothing', () => {
    const { errors, module } = parseSync('picker.js', readAsset('picker.js'));
    const reexports = module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest ?? []),
    );
    expect(errors).toEqual([]);
    expect([...module.staticImports, ...module.dynamicImports, ...reexports]).toEqual([]);
  });

  it('has a name for the console that changes with what is in it', () => {
    expect(consoleFiles.filter((name) => !/-[\w-]{8}\.\w+$/u.test(name))).toEqual([]);
  });

  it('has no script and no style in the page itself', () => {
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
    'names no other origin in %s',
    (path) => {
      const addresses = readAsset(path).match(ADDRESS) ?? [];
      const others = addresses.filter((address) => !NAMES.some((name) => address.startsWith(name)));
      expect(others).toEqual([]);
    },
  );
});
