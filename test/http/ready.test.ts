import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase, openMigratedDatabase, readMigrations } from '../../src/runtime/database.ts';
import { startModels, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder } from '../make-app.ts';

const openFile = () =>
  openMigratedDatabase({ url: `file:${join(makeFolder(), 'x.db')}`, authToken: null });

/** An app with a provider of `x`, and a database that counts the write tests of /ready. */
async function setUp(database: Database) {
  const { port } = await whileTesting(startModels(['x']));
  const scripts: string[] = [];
  const time = { passed: 0 };
  const counted: Database = {
    ...database,
    script: (sql) => {
      scripts.push(sql);
      return database.script(sql);
    },
  };
  const app = makeApp(
    { PROVIDERS: `a=openai://127.0.0.1:${port}` },
    { database: counted, clock: { monotonic: () => performance.now() + time.passed } },
  );
  const ready = async () => {
    const answer = await app.ask('/ready');
    const text = await answer.text();
    return { status: answer.status, text, error: JSON.parse(text).error };
  };
  const add = async () => (await app.ask('/api/favorites/a/x', { method: 'PUT' })).status;
  const list = async () =>
    (await app.read('/api/favorites')).favorites.map(({ id }: { id: string }) => id);
  const pass = (milliseconds: number) => void (time.passed += milliseconds);
  return { app, ready, add, list, pass, attempts: () => scripts.length };
}

const REFUSE = `CREATE TRIGGER refuse BEFORE INSERT ON favorites BEGIN SELECT RAISE(ABORT, 'no more'); END`;

describe('/ready', () => {
  it('tests that a favorite can be stored, and leaves nothing behind', async () => {
    const database = openFile();
    const { ready, list } = await setUp(database);
    const log = `CREATE TABLE seen (id TEXT);
      CREATE TRIGGER note AFTER INSERT ON favorites BEGIN INSERT INTO seen VALUES (new.id); END;`;
    await database.script(log);
    expect((await ready()).status).toBe(200);
    expect(await list()).toEqual([]);
    expect(await database.read({ sql: 'SELECT count(*) AS n FROM seen' })).toEqual([{ n: 0 }]);
  });

  it.each([
    ['refuses each new favorite', REFUSE],
    ['has lost the table', 'DROP TABLE favorites'],
    ['has another table of that name', 'ALTER TABLE favorites DROP COLUMN created_at'],
  ])('fails when the database %s', async (_name, sql) => {
    const database = openFile();
    await database.read({ sql: 'SELECT 1' });
    await database.write([{ sql }]);
    const { ready } = await setUp(database);
    const { status, error } = await ready();
    expect([status, error.code]).toEqual([503, 'database_unavailable']);
  });

  it('tests a write once a minute for any number of requests', async () => {
    const { ready, pass, attempts } = await setUp(openFile());
    const answers = await Promise.all(Array.from({ length: 20 }, ready));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(attempts()).toBe(1);
    pass(59_000);
    await ready();
    expect(attempts()).toBe(1);
    pass(2000);
    await ready();
    expect(attempts()).toBe(2);
  });

  it('tests no write within a minute after a favorite was stored', async () => {
    const { ready, add, attempts } = await setUp(openFile());
    expect(await add()).toBe(201);
    expect((await ready()).status).toBe(200);
    expect(attempts()).toBe(0);
  });

  it('fails after a favorite could not be stored, and recovers when writes work again', async () => {
    const database = openFile();
    const { ready, add, pass } = await setUp(database);
    expect((await ready()).status).toBe(200);
    await database.write([{ sql: REFUSE }]);
    expect(await add()).toBe(503);
    expect((await ready()).status).toBe(503);
    await database.write([{ sql: 'DROP TRIGGER refuse' }]);
    pass(6000);
    expect((await ready()).status).toBe(200);
  });

  it('fails at once when favorites cannot be read, even after a recent write', async () => {
    const database = openFile();
    const { ready, add } = await setUp(database);
    await add();
    await database.write([{ sql: 'ALTER TABLE favorites RENAME TO others' }]);
    expect((await ready()).status).toBe(503);
    await database.write([{ sql: 'ALTER TABLE others RENAME TO favorites' }]);
    expect((await ready()).status).toBe(200);
  });
});

describe('a read-only server', () => {
  it('fails /ready and the doctor, and lists favorites', async () => {
    const server = await whileTesting(startLibsqlServer({ url: ':memory:' }));
    const open = () => openMigratedDatabase({ url: server.url, authToken: null });
    await (await setUp(open())).add();
    server.allow('read');
    const { app, ready, add, list, pass } = await setUp(open());
    expect(await list()).toEqual(['a/x']);
    expect(await add()).toBe(503);
    expect(await ready()).toMatchObject({
      status: 503,
      error: { code: 'database_unavailable', message: expect.stringMatching(/read-only/u) },
    });
    expect(await app.read('/api/models')).toMatchObject({ favorites: [{ id: 'a/x' }] });
    expect((await app.read('/api/doctor')).findings).toMatchObject([
      {
        level: 'fault',
        subject: 'database',
        code: 'database_unavailable',
        message: expect.stringMatching(/read-only.*LIBSQL_AUTH_TOKEN/u),
      },
    ]);
    server.allow('write');
    pass(6000);
    expect((await ready()).status).toBe(200);
    expect(await add()).toBe(200);
  });

  it('lists favorites although a migration is pending', async () => {
    const server = await whileTesting(startLibsqlServer({ url: ':memory:' }));
    const address = { url: server.url, authToken: null };
    const old = openDatabase(address);
    await migrate(old, readMigrations().slice(0, 1));
    await (await setUp(old)).add();
    server.allow('read');
    const { add, list } = await setUp(openMigratedDatabase(address));
    expect(await list()).toEqual(['a/x']);
    expect(await add()).toBe(503);
    server.allow('write');
    expect(await add()).toBe(200);
  });
});

describe('a statement that the database does not understand', () => {
  const nonsense = { sql: 'SELEC id FROM favorites' };
  const breakStatements = (database: Database): Database => ({
    read: ({ sql }) => database.read(/favorites/u.test(sql) ? nonsense : { sql }),
    write: () => database.write([nonsense]),
    script: () => database.script(nonsense.sql),
  });

  it.each([
    ['a file', async () => openFile()],
    [
      'a server',
      async () => {
        const { url } = await whileTesting(startLibsqlServer({ url: ':memory:' }));
        return openMigratedDatabase({ url, authToken: null });
      },
    ],
  ])('is an internal error without SQL for the client, in %s', async (_name, open) => {
    const { app, ready } = await setUp(breakStatements(await open()));
    const requests = [
      app.ask('/api/favorites'),
      app.ask('/api/favorites/a/x', { method: 'PUT' }),
      app.ask('/api/favorites/a/x', { method: 'DELETE' }),
      app.ask('/ready'),
    ];
    for (const answer of await Promise.all(requests)) {
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(JSON.parse(text).error.code).toBe('internal_error');
      expect(text).not.toMatch(/SELEC|LIBSQL_URL|syntax/u);
    }
    const catalog = await app.ask('/api/models');
    const text = await catalog.text();
    expect(JSON.parse(text).favoritesError.code).toBe('internal_error');
    expect(text).not.toMatch(/SELEC|LIBSQL_URL|syntax/u);
    expect(app.logged).toContainEqual(expect.stringContaining('internal_error'));
    expect((await ready()).status).toBe(500);
    const { findings } = await app.read('/api/doctor');
    expect(findings).toMatchObject([{ subject: 'database', code: 'internal_error' }]);
    const failed = app.lines.find(({ path }) => path === '/ready');
    expect(failed).toMatchObject({ level: 'error', code: 'internal_error' });
    expect(failed?.reason).toMatch(/^(?:SQLITE_ERROR|SQL_PARSE_ERROR): /u);
  });
});
