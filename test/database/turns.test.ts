import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { listen } from '../../demo/listen.ts';
import { createFavoritesStore } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { whileTesting } from '../hosts.ts';

const clock = { wall: Date.now, monotonic: () => performance.now(), sleep };

/** A store on a libSQL server that is reached through a proxy, which counts the writes that are under way at once. */
async function openCounted() {
  const server = await startLibsqlServer({ url: ':memory:' });
  const counted = { now: 0, most: 0, isStopped: false };
  const forward = async (request: Request): Promise<Response> => {
    const body = await request.text();
    if (body === '') return new Response('ok');
    const isWrite = body.includes('BEGIN IMMEDIATE');
    if (isWrite) counted.most = Math.max(counted.most, (counted.now += 1));
    try {
      if (counted.isStopped) await sleep(20_000, undefined, { ref: false });
      const { method, headers } = request;
      return await fetch(`${server.url}/v2/pipeline`, { method, headers, body });
    } finally {
      if (isWrite) counted.now -= 1;
    }
  };
  const { url } = await whileTesting(listen(forward));
  await whileTesting(Promise.resolve(server));
  const store = createFavoritesStore({
    database: openMigratedDatabase({ url, authToken: null }),
    clock,
  });
  return { store, counted };
}

// A libSQL server whose writers queue while it empties its log may take no write ever again, until it is restarted.
it('A libSQL server is sent one write after the other', async () => {
  const { store, counted } = await openCounted();
  await store.list();
  counted.most = 0;
  const added = await Promise.all(
    Array.from({ length: 30 }, (_, index) => store.add(`a/${index}`)),
  );
  expect(added.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 30 }, () => 'added'));
  expect(counted.most).toBe(1);
  expect(await store.list()).toHaveLength(30);
});

it('fails a write that waited behind one without an answer, with the same error', async () => {
  const { store, counted } = await openCounted();
  await store.add('a/first');
  counted.isStopped = true;
  const began = performance.now();
  const adding = Array.from({ length: 5 }, async (_, index) => {
    await sleep(200 * index);
    return store.add(`a/${index}`);
  });
  const refused = { code: 'database_unavailable' };
  await Promise.all(adding.map((each) => expect(each).rejects.toMatchObject(refused)));
  expect(performance.now() - began).toBeLessThan(6500);
  counted.isStopped = false;
  expect(await store.add('a/last')).toMatchObject({ outcome: 'added' });
}, 15_000);

it('However many ask a libSQL server that does not answer, each waits as long as one', async () => {
  const { store, counted } = await openCounted();
  await store.list();
  counted.isStopped = true;
  const began = performance.now();
  const listing = Array.from({ length: 50 }, () => store.list());
  const refused = { code: 'database_unavailable' };
  await Promise.all(listing.map((each) => expect(each).rejects.toMatchObject(refused)));
  expect(performance.now() - began).toBeLessThan(6500);
}, 20_000);
