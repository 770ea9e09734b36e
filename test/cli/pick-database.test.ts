import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { pickDatabase } from '../../src/cli/pick-database.ts';
import { makeFolder } from '../make-app.ts';

const MEMORY = 'file::memory:';

it('answers the setting or the default for a command that writes', () => {
  expect(pickDatabase(null, true)).toBe('file:data/paddock.db');
  expect(pickDatabase('file:/nowhere/x.db', true)).toBe('file:/nowhere/x.db');
});

it.each(['libsql://db.example', 'https://db.example', 'http://127.0.0.1:8080', MEMORY])(
  'answers %s, which is not a file, unchanged',
  (url) => {
    expect(pickDatabase(url, false)).toBe(url);
  },
);

it('answers an existing file for a command that reads, and memory for a missing one', () => {
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

it('answers an invalid address unchanged, so that the database reports it', () => {
  expect(pickDatabase('file:/a%zz', false)).toBe('file:/a%zz');
});
