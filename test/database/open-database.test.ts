import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/database.ts';
import { makeFolder } from '../make-app.ts';

const QUERY = { sql: 'SELECT 1 AS one' };

it('creates the folders of a database file', async () => {
  const path = join(makeFolder(), 'a/b/c', 'paddock.db');
  expect(await openDatabase({ url: `file:${path}`, authToken: null }).read(QUERY)).toEqual([
    { one: 1 },
  ]);
  expect(existsSync(path)).toBe(true);
});

it('fails with the reason when the system refuses the folder', async () => {
  const opened = openDatabase({ url: 'file:/proc/nowhere/paddock.db', authToken: null });
  await expect(opened.read(QUERY)).rejects.toThrow(/ENOENT|EACCES|EROFS|EPERM/);
});
