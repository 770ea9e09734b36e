import { createClient } from '@libsql/client';
import { expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { whileTesting } from '../hosts.ts';

it('migrates a libSQL server that lost its tables again, without a restart', async () => {
  const server = await whileTesting(startLibsqlServer({ url: ':memory:' }));
  const database = openMigratedDatabase({ url: server.url, authToken: null });
  const add = (id: string) =>
    database.write([{ sql: "INSERT INTO favorites VALUES (?, 0, '')", args: [id] }]);
  await add('a/x');
  const client = createClient({ url: server.url });
  const { rows } = await client.execute("SELECT name FROM sqlite_schema WHERE type = 'table'");
  for (const { name } of rows) await client.execute(`DROP TABLE ${String(name)}`);
  client.close();

  await expect(database.read({ sql: 'SELECT id FROM favorites' })).rejects.toThrow(/no such table/);
  await add('a/y');
  expect(await database.read({ sql: 'SELECT id FROM favorites' })).toEqual([{ id: 'a/y' }]);
});
