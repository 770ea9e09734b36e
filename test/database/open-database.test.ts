import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/database.ts';
import { makeFolder } from '../make-app.ts';

const ASK = { sql: 'SELECT 1 AS one' };

it('makes the folders that a database file is to stand in', async () => {
  const path = join(makeFolder(), 'a/b/c', 'paddock.db');
  expect(await openDatabase({ url: `file:${path}`, authToken: null }).read(ASK)).toEqual([
    { one: 1 },
  ]);
  expect(existsSync(path)).toBe(true);
});

it('says so, and does not try for ever, where the system refuses the folder', async () => {
  const opened = openDatabase({ url: 'file:/proc/nowhere/paddock.db', authToken: null });
  await expect(opened.read(ASK)).rejects.toThrow(/ENOENT|EACCES|EROFS|EPERM/);
});
