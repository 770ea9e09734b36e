import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { listen } from '../../demo/listen.ts';
import { createFavoritesStore } from '../../src/favorites/favorites-store.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { whileTesting } from '../hosts.ts';

const clock = { wall: Date.now, monotonic: () => performance.now(), sleep };

/** A store on a libSQL server behind a proxy, which counts concurrent writes. */
async function openThroughCounter() {
  const server = await startLibsqlServer({ url: ':memory:' });
  const counter = { now: 0, most: 0, isStopped: false };
  const forward = async (request: Request): Promise<Response> => {
    const body = await request.text();
    if (body === '') return new Response('ok');
    const isWrite = body.includes('BEGIN IMMEDIATE');
    if (isWrite) counter.most = Math.max(counter.most, (counter.now += 1));
    try {
      if (counter.isStopped) await sleep(20_000, undefined, { ref: false });
      const { method, headers } = request;
      return await fetch(`${server.url}/v2/pipeline`, { method, headers, body });
    } finally {
      if (isWrite) counter.now -= 1;
    }
  };
  const { url } = await whileTesting(listen(forward));
  await whileTesting(Promise.resolve(server));
  const store = createFavoritesStore({
    database: openMigratedDatabase({ url, authToken: null }),
    clock,
  });
  return { store, counter };
}

// A libSQL server whose writers queue during a checkpoint can refuse all writes until it is restarted.
it('sends writes to a libSQL server one after another', async () => {
  const { store, counter } = await openThroughCounter();
  await store.list();
  counter.most = 0;
  const added = await Promise.all(
    Array.from({ length: 30 }, (_, index) => store.add(`a/${index}`)),
  );
  expect(added.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 30 }, () => 'added'));
  expect(counter.most).toBe(1);
  expect(await store.list()).toHaveLength(30);
});

it('fails queued writes with the same error as the write that got no answer', async () => {
  const { store, counter } = await openThroughCounter();
  await store.add('a/first');
  counter.isStopped = true;
  const began = performance.now();
  const adding = Array.from({ length: 5 }, async (_, index) => {
    await sleep(200 * index);
    return store.add(`a/${index}`);
  });
  const refused = { code: 'database_unavailable' };
  await Promise.all(adding.map((each) => expect(each).rejects.toMatchObject(refused)));
  expect(performance.now() - began).toBeLessThan(6500);
  counter.isStopped = false;
  expect(await store.add('a/last')).toMatchObject({ outcome: 'added' });
}, 15_000);

it('fails fifty reads of a silent libSQL server in the time of one', async () => {
  const { store, counter } = await openThroughCounter();
  await store.list();
  counter.isStopped = true;
  const began = performance.now();
  const listing = Array.from({ length: 50 }, () => store.list());
  const refused = { code: 'database_unavailable' };
  await Promise.all(listing.map((each) => expect(each).rejects.toMatchObject(refused)));
  expect(performance.now() - began).toBeLessThan(6500);
}, 20_000);
