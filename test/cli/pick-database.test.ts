import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { pickDatabase } from '../../src/cli/pick-database.ts';
import { makeFolder } from '../make-app.ts';

const MEMORY = 'file::memory:';

it('who writes takes what is set up, and the default where nothing is', () => {
  expect(pickDatabase(null, true)).toBe('file:data/paddock.db');
  expect(pickDatabase('file:/nowhere/x.db', true)).toBe('file:/nowhere/x.db');
});

it.each(['libsql://fleet.example', 'https://fleet.example', 'http://127.0.0.1:8080', MEMORY])(
  '%s is no file, and is taken as it is',
  (url) => {
    expect(pickDatabase(url, false)).toBe(url);
  },
);

it('who looks takes a file that is there, however it is written, and memory in place of one that is not', () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'a b'));
  const path = join(folder, 'a b/x.db');
  const urls = [
    `file:${path}`,
    `file:${path}?mode=rw`,
    pathToFileURL(path).href,
    pathToFileURL(path).href.replace('file://', 'file://localhost'),
  ];
  expect(urls.map((url) => pickDatabase(url, false))).toEqual(urls.map(() => MEMORY));
  writeFileSync(path, '');
  expect(urls.map((url) => pickDatabase(url, false))).toEqual(urls);
});

it('an address that cannot be read is left for the database to complain of', () => {
  expect(pickDatabase('file:/a%zz', false)).toBe('file:/a%zz');
});
