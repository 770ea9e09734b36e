import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { findDeadPort, startModels, whileTesting, type Host } from '../hosts.ts';
import { makeApp, makeFolder, put } from '../make-app.ts';

const hosts: Host[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function makeFleet(options: { database?: Database; settings?: Record<string, string> } = {}) {
  const a = await startModels(['x', 'y', 'org/z:q4']);
  const b = await startModels(['x']);
  hosts.push(a, b);
  const PROVIDERS = `a=llama-swap://127.0.0.1:${a.port} b=llama-swap://127.0.0.1:${b.port}`;
  const { database } = options;
  const app = makeApp(
    { PROVIDERS, ...options.settings },
    database === undefined ? {} : { database },
  );
  const add = (id: string) => app.ask(`/api/favorites/${id}`, { method: 'PUT' });
  const listed = async () =>
    (await app.read('/api/favorites')).favorites.map(({ id }: any) => id as string);
  return { app, add, listed, a, b };
}

describe('favorites', () => {
  it('are added at the end, once, in canonical form', async () => {
    const { app, add } = await makeFleet({ settings: { MODEL_ALIASES: 'quick=b/x' } });
    const statuses = [];
    for (const id of ['y', 'a/y', 'quick', 'a/org/z:q4', 'a%2Forg%2Fz%3Aq4', 'b/x']) {
      statuses.push((await add(id)).status);
    }
    expect(statuses).toEqual([201, 200, 201, 201, 200, 200]);
    await app.read('/api/models');
    const { favorites } = await app.read('/api/favorites');
    expect(favorites).toEqual(
      ['a/y', 'b/x', 'a/org/z:q4'].map((id, position) => ({
        id,
        position,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        available: true,
      })),
    );
  });

  it('come first in the catalog in their order, and remain in their groups', async () => {
    const { app, add } = await makeFleet();
    await add('b/x');
    await add('a/y');
    const { favorites, providers } = await app.read('/api/models');
    expect(favorites.map(({ id }: any) => id)).toEqual(['b/x', 'a/y']);
    const flags = providers.flatMap((group: any) =>
      group.models.map((m: any) => [m.id, m.favorite]),
    );
    expect(flags).toEqual([
      ['a/org/z:q4', false],
      ['a/x', false],
      ['a/y', true],
      ['b/x', true],
    ]);
    const { data } = await app.read('/v1/models');
    expect(data.map(({ id }: any) => id)).toEqual(['b/x', 'a/y', 'a/org/z:q4', 'a/x']);
  });

  it('have an ETag that depends on their content only', async () => {
    const { app, add, a } = await makeFleet();
    await add('a/x');
    const readFavorites = (etag = '') =>
      app.ask('/api/favorites', etag === '' ? {} : { headers: { 'if-none-match': etag } });
    const etag = (await readFavorites()).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[0-9a-f]{24}"$/);
    const again = await readFavorites(etag);
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, '']);

    await add('a/y');
    const more = await readFavorites(etag);
    expect([more.status, (await more.json()) as any]).toMatchObject([
      200,
      { favorites: [{ id: 'a/x', available: true }, { id: 'a/y' }] },
    ]);
    await app.ask('/api/favorites/a/y', { method: 'DELETE' });
    expect((await readFavorites(etag)).status).toBe(304);

    await a.close();
    await app.read('/api/models?refresh=1');
    const { favorites } = (await (await readFavorites(etag)).json()) as any;
    expect(favorites).toMatchObject([{ id: 'a/x', available: false }]);
  });

  it('are removed, and removing a missing one succeeds', async () => {
    const { app, add, listed } = await makeFleet();
    await add('a/x');
    for (let round = 0; round < 2; round += 1) {
      const answer = await app.ask('/api/favorites/x', { method: 'DELETE' });
      expect([answer.status, await answer.text()]).toEqual([204, '']);
    }
    expect(await listed()).toEqual([]);
  });

  it('accept a new order, in any form of the IDs', async () => {
    const { app, add, listed } = await makeFleet();
    for (const id of ['a/x', 'a/y', 'b/x']) await add(id);
    const answer = await app.ask('/api/favorites', put({ ids: ['b/x', 'x', 'a/y'] }));
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as any).favorites.map(({ id }: any) => id)).toEqual([
      'b/x',
      'a/x',
      'a/y',
    ]);
    expect(await listed()).toEqual(['b/x', 'a/x', 'a/y']);
    await add('a/org/z:q4');
    expect((await listed()).at(-1)).toBe('a/org/z:q4');
  });

  it.each([
    ['lacks one', ['a/x']],
    ['has one more', ['a/x', 'a/y', 'b/x']],
    ['has one twice', ['a/x', 'a/x']],
    ['has another one', ['a/x', 'b/x']],
    ['is empty', []],
  ])('refuse an order that %s, and answer the current list', async (_name, ids) => {
    const { app, add, listed } = await makeFleet();
    await add('a/x');
    await add('a/y');
    const answer = await app.ask('/api/favorites', put({ ids }));
    expect(answer.status).toBe(409);
    const body = (await answer.json()) as any;
    expect(body.error.code).toBe('conflict');
    expect(body.favorites.map(({ id }: any) => id)).toEqual(['a/x', 'a/y']);
    expect(await listed()).toEqual(['a/x', 'a/y']);
  });

  it('are hidden while their provider is offline, and return with it', async () => {
    const { app, add, b } = await makeFleet();
    await add('b/x');
    await add('a/x');
    await b.close();
    const offline = await app.read('/api/models?refresh=1');
    expect([offline.favorites.map(({ id }: any) => id), offline.hiddenFavorites]).toEqual([
      ['a/x'],
      1,
    ]);
    const { favorites } = await app.read('/api/favorites');
    expect(favorites.map(({ available }: any) => available)).toEqual([false, true]);
    hosts.push(await startModels(['x'], b.port));
    const back = await app.read('/api/models?refresh=1');
    expect([back.favorites.length, back.hiddenFavorites]).toEqual([2, 0]);
  });

  it('are kept, hidden, for models and providers that do not exist', async () => {
    const { app, add, listed } = await makeFleet();
    expect((await add('missing/some-model')).status).toBe(201);
    // No provider is named "missing", so this is a bare ID of the default provider.
    expect(await listed()).toEqual(['a/missing/some-model']);
    expect(await app.read('/api/models')).toMatchObject({ favorites: [], hiddenFavorites: 1 });
  });

  it('of a provider that was removed from the settings can be ordered and removed', async () => {
    const url = `file:${join(makeFolder(), 'shared.db')}`;
    const database = () => openMigratedDatabase({ url, authToken: null });
    const before = await makeFleet({ database: database() });
    await before.add('b/x');
    await before.add('a/x');
    const PROVIDERS = `a=llama-swap://127.0.0.1:${before.a.port}`;
    const after = makeApp({ PROVIDERS }, { database: database() });
    expect(await after.read('/api/models')).toMatchObject({ hiddenFavorites: 1 });
    expect((await after.ask('/api/favorites', put({ ids: ['a/x', 'b/x'] }))).status).toBe(200);
    expect((await after.ask('/api/favorites/b/x', { method: 'PUT' })).status).toBe(200);
    expect((await after.ask('/api/favorites/b/x', { method: 'DELETE' })).status).toBe(204);
    const { favorites } = await after.read('/api/favorites');
    expect(favorites.map(({ id }: any) => id)).toEqual(['a/x']);
  });

  it.each([
    ['in a file', async () => `file:${join(makeFolder(), 'full.db')}`],
    ['over HTTP', async () => (await whileTesting(startLibsqlServer({ url: ':memory:' }))).url],
  ])('are limited to 1000 %s, with concurrent additions', async (_where, toUrl) => {
    const url = await toUrl();
    const database = () => openMigratedDatabase({ url, authToken: null });
    const filled = database();
    // 997 favorites.
    const sql = `WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 996)
      INSERT INTO favorites SELECT 'a/m' || i, i, '2026-01-01T00:00:00.000Z' FROM n`;
    await filled.write([{ sql }]);
    const one = await makeFleet({ database: filled });
    const two = await makeFleet({ database: database() });
    const answers = await Promise.all(
      [0, 1, 2, 3, 4].flatMap((index) => [one.add(`a/one${index}`), two.add(`a/two${index}`)]),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, 201, 201, 409, 409, 409, 409, 409, 409, 409]);
    const full = answers.find(({ status }) => status === 409);
    expect(await full?.json()).toMatchObject({
      error: { code: 'conflict', message: expect.stringMatching(/1000.*remove one first/) },
    });
    expect((await two.add('a/m996')).status).toBe(200);
    const ids = await two.listed();
    expect(ids).toHaveLength(1000);
    const more = put({ ids: [...ids, 'a/more'] });
    expect((await one.app.ask('/api/favorites', more)).status).toBe(409);
    expect((await one.app.ask('/api/favorites', put({ ids: ids.toReversed() }))).status).toBe(200);
    expect(await two.listed()).toEqual(ids.toReversed());
    expect((await one.app.ask('/api/favorites/a/m0', { method: 'DELETE' })).status).toBe(204);
    expect((await two.add('a/one-more')).status).toBe(201);
  });

  it('show writes of this process at once, and those of another within 1.5 s', async () => {
    const url = `file:${join(makeFolder(), 'shared.db')}`;
    const database = () => openMigratedDatabase({ url, authToken: null });
    const one = await makeFleet({ database: database() });
    const PROVIDERS = `a=llama-swap://127.0.0.1:${one.a.port}`;
    const two = makeApp({ PROVIDERS }, { database: database() });
    expect((await two.read('/api/models')).favorites).toEqual([]);
    await one.add('a/x');
    expect((await one.app.read('/api/models')).favorites).toHaveLength(1);
    expect((await two.read('/api/favorites')).favorites).toHaveLength(1);
    await expect
      .poll(async () => (await two.read('/api/models')).favorites.length, { timeout: 1500 })
      .toBe(1);
  });
});

describe('an invalid request', () => {
  it.each([
    ['truncated JSON', put('{"ids":['), 400, 'invalid_request'],
    ['an array', put([]), 400, 'invalid_request'],
    ['a string', put('"ids"'), 400, 'invalid_request'],
    ['null', put('null'), 400, 'invalid_request'],
    ['a number for an ID', put({ ids: [1] }), 400, 'invalid_request'],
    ['an empty ID', put({ ids: [''] }), 400, 'invalid_model_id'],
    [
      'empty',
      { method: 'PUT', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
    ],
    [
      'JSON with another content type',
      { method: 'PUT', body: '{"ids":[]}' },
      400,
      'invalid_request',
    ],
    [
      'bytes that are not UTF-8',
      {
        ...put(''),
        body: new Uint8Array([
          0x7b, 0x22, 0x69, 0x64, 0x73, 0x22, 0x3a, 0x5b, 0x22, 0xff, 0x22, 0x5d, 0x7d,
        ]),
      },
      400,
      'invalid_request',
    ],
    ['too large', put({ ids: ['x'.repeat(2000)] }), 413, 'body_too_large'],
  ])('is refused when the body is %s', async (_name, init, status, code) => {
    const { app } = await makeFleet({ settings: { MAX_BODY_BYTES: '1000' } });
    const answer = await app.ask('/api/favorites', init as RequestInit);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ src: 'paddock', error: { code } });
  });

  it.each([
    ['513 characters long', 'a/' + 'm'.repeat(511)],
    ['a control character', 'a/x%00y'],
    ['a line break', 'a/x%0Ay'],
    ['bytes that are not UTF-8', 'a/%ff'],
    ['a truncated escape', 'a/%2'],
    ['a provider without a model', 'a/'],
    ['white space', '%20'],
  ])('is refused when the ID is or has %s', async (_name, id) => {
    const { app, add } = await makeFleet();
    for (const answer of [await add(id), await app.ask(`/api/resolve?model=${id}`)]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_model_id' } });
    }
  });
});

describe('an unavailable database', () => {
  const broken: [string, () => Database | Promise<Database>][] = [
    [
      'cannot be opened',
      () => openMigratedDatabase({ url: 'file:/dev/null/such/x.db', authToken: null }),
    ],
    [
      'refuses connections',
      async () =>
        openMigratedDatabase({ url: `http://127.0.0.1:${await findDeadPort()}`, authToken: null }),
    ],
    [
      'never answers',
      () => {
        const never = () => new Promise<never>(() => {});
        return { read: never, write: never, script: never };
      },
    ],
  ];
  it.each(broken)('affects favorites only when it %s', async (_name, open) => {
    const { app } = await makeFleet({ database: await open() });
    const startedAt = performance.now();
    const catalog = await app.read('/api/models');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(catalog.providers[0].models).toHaveLength(3);
    expect(catalog.favorites).toEqual([]);
    expect(catalog.favoritesError).toMatchObject({ code: 'database_unavailable' });
    expect((await app.ask('/api/resolve?model=x')).status).toBe(200);
    expect((await app.ask('/v1/models')).status).toBe(200);
    // Favorites and learned contexts each log it once.
    expect(new Set(app.logged).size).toBe(app.logged.length);
    expect(app.logged).toContainEqual(expect.stringContaining('favorites'));
  });

  it.each(broken.slice(0, 2))('makes /api/favorites answer 503 when it %s', async (_name, open) => {
    const { app, add } = await makeFleet({ database: await open() });
    for (const answer of [
      await add('a/x'),
      await app.ask('/api/favorites'),
      await app.ask('/ready'),
    ]) {
      expect(answer.status).toBe(503);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'database_unavailable' } });
      expect(text).not.toMatch(/127\.0\.0\.1|null\/such/);
    }
  });

  it('is used again when it is available', async () => {
    const folder = makeFolder();
    const url = `file:${join(folder, 'late', 'x.db')}`;
    let isUnavailable = true;
    const real = openMigratedDatabase({ url, authToken: null });
    const fail = () => Promise.reject(new Error('unavailable'));
    const database: Database = {
      read: (statement) => (isUnavailable ? fail() : real.read(statement)),
      write: (statements) => (isUnavailable ? fail() : real.write(statements)),
      script: (sql) => real.script(sql),
    };
    const { app, add } = await makeFleet({ database });
    expect(await app.read('/api/models')).toHaveProperty('favoritesError');
    isUnavailable = false;
    expect((await add('a/x')).status).toBe(201);
    const catalog = await app.read('/api/models');
    expect(catalog).not.toHaveProperty('favoritesError');
    expect(catalog.favorites).toHaveLength(1);
  });
});

it('keeps favorites in a plain table that other tools can read', async () => {
  const url = `file:${join(makeFolder(), 'plain.db')}`;
  const { add } = await makeFleet({ database: openMigratedDatabase({ url, authToken: null }) });
  await add('a/x');
  const client = createClient({ url });
  const { rows } = await client.execute('SELECT id, position FROM favorites');
  expect(rows.map((row) => [row['id'], row['position']])).toEqual([['a/x', 0]]);
  client.close();
});
