import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase, readMigrations } from '../../src/runtime/database.ts';
import { whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';

const open = (url: string) => openDatabase({ url, authToken: null });

it.each([
  ['in a file', async () => ({ url: `file:${join(makeFolder(), 'x.db')}`, close: async () => {} })],
  ['over HTTP', () => startLibsqlServer({ url: ':memory:' })],
])('applies each migration once, in order, %s', async (_name, make) => {
  const { url, close } = await make();
  const migrations = [
    { name: '0002_second.sql', sql: "INSERT INTO t VALUES ('b;c'); -- a comment" },
    { name: '0001_first.sql', sql: "CREATE TABLE t (x TEXT);\nINSERT INTO t VALUES ('a');" },
  ];
  expect(await migrate(open(url), migrations)).toEqual(['0001_first.sql', '0002_second.sql']);
  expect(await migrate(open(url), migrations)).toEqual([]);
  expect(await open(url).read({ sql: 'SELECT x FROM t' })).toEqual([{ x: 'a' }, { x: 'b;c' }]);
  await close();
});

it.each([
  ['in a file', async () => ({ url: `file:${join(makeFolder(), 'x.db')}`, close: async () => {} })],
  ['over HTTP', () => startLibsqlServer({ url: ':memory:' })],
])('rolls back a migration that fails, %s', async (_name, make) => {
  const { url, close } = await make();
  const broken = { name: '0001_broken.sql', sql: 'CREATE TABLE t (x TEXT);\nSELECT nonsense;' };
  await expect(migrate(open(url), [broken])).rejects.toThrow(/nonsense/);
  const fixed = { name: '0001_broken.sql', sql: 'CREATE TABLE t (x TEXT);' };
  expect(await migrate(open(url), [fixed])).toEqual(['0001_broken.sql']);
  await close();
});

it('only reads from a database that has all migrations', async () => {
  const server = await whileTesting(startLibsqlServer({ url: ':memory:' }));
  const migrations = readMigrations();
  await migrate(open(server.url), migrations);
  server.allow('read');
  expect(await migrate(open(server.url), migrations)).toEqual([]);
  const later = { name: '9999_later.sql', sql: 'CREATE TABLE later (x TEXT);' };
  await expect(migrate(open(server.url), [...migrations, later])).rejects.toThrow(/403/u);
});

it('lets eight clients migrate one file at once', async () => {
  const url = `file:${join(makeFolder(), 'x.db')}`;
  const applied = await Promise.all(
    Array.from({ length: 8 }, () => migrate(open(url), readMigrations())),
  );
  expect(applied.flat()).toEqual(readMigrations().map(({ name }) => name));
});

it('has migrations named NNNN_name.sql, without a gap', () => {
  const numbers = readMigrations().map(({ name }) =>
    Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]),
  );
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
