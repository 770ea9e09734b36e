import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { hang, startHost, startModels, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, type TestApp } from '../make-app.ts';

const FAST = { CATALOG_TTL_MS: '100' };

/** A listener, and the events that it has received. */
async function listen(app: TestApp, query = '?topics=catalog,favorites') {
  const answer = await app.ask(`/api/events${query}`);
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const reader = answer.body?.getReader();
  const reading = (async () => {
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  })();
  const leave = async () => {
    await reader?.cancel();
    await reading;
  };
  onTestFinished(leave);
  const last = (name: string) => events.findLast(({ event }) => event === name)?.data;
  return { answer, events, leave, last };
}

async function makeFleet(options: { database?: Database; settings?: Record<string, string> } = {}) {
  const host = await whileTesting(startModels(['x', 'y']));
  const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
  const app = makeApp({ PROVIDERS, ...FAST, ...options.settings }, options);
  const etag = async (path: string) => (await app.ask(path)).headers.get('etag');
  return { app, host, etag };
}

const within = (timeout: number) => ({ timeout, interval: 10 });

describe('events', () => {
  it('are a stream that proxies do not buffer', async () => {
    const { app } = await makeFleet();
    const { answer } = await listen(app);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
  });

  it('send the ETags of the documents at once, and then nothing', async () => {
    const { app, etag } = await makeFleet();
    const { events } = await listen(app);
    await expect.poll(() => events.length, within(1000)).toBe(2);
    expect(events).toMatchObject([
      { event: 'catalog', data: await etag('/api/models') },
      { event: 'favorites', data: await etag('/api/favorites') },
    ]);
    await sleep(600);
    expect(events).toHaveLength(2);
  });

  it('report a new favorite within 0.5 s', async () => {
    const { app, etag } = await makeFleet();
    const { events, last } = await listen(app);
    await expect.poll(() => events.length, within(1000)).toBe(2);
    await app.ask('/api/favorites/a/x', { method: 'PUT' });
    await expect.poll(() => events.length, within(500)).toBe(4);
    expect(last('catalog')).toBe(await etag('/api/models'));
    expect(last('favorites')).toBe(await etag('/api/favorites'));
  });

  it('report a favorite of another process within 1.5 s', async () => {
    const address = { url: `file:${join(makeFolder(), 'shared.db')}`, authToken: null };
    const { app, etag } = await makeFleet({ database: openMigratedDatabase(address) });
    const { app: other } = await makeFleet({ database: openMigratedDatabase(address) });
    const { events, last } = await listen(app);
    await expect.poll(() => events.length, within(1000)).toBe(2);
    await other.ask('/api/favorites/a/x', { method: 'PUT' });
    await expect.poll(() => events.length, within(1500)).toBe(4);
    expect(last('favorites')).toBe(await etag('/api/favorites'));
  });

  it('report a provider that goes offline, and its hidden favorites', async () => {
    const { app, host, etag } = await makeFleet();
    await app.ask('/api/favorites/a/x', { method: 'PUT' });
    const { events, last } = await listen(app);
    await expect.poll(() => events.length, within(1000)).toBe(2);
    await host.close();
    await expect.poll(() => events.length, within(2000)).toBe(4);
    expect(last('catalog')).toBe(await etag('/api/models'));
    expect(last('favorites')).toBe(await etag('/api/favorites'));
  });

  it('probe each provider once per TTL for any number of clients, and stop without clients', async () => {
    const { app, host } = await makeFleet({ settings: { CATALOG_TTL_MS: '400' } });
    const listeners = await Promise.all(Array.from({ length: 20 }, () => listen(app)));
    await sleep(1300);
    const rounds = host.requests.filter((path) => path === '/v1/models').length;
    expect(rounds).toBeGreaterThanOrEqual(2);
    expect(rounds).toBeLessThanOrEqual(4);
    await Promise.all(listeners.map(({ leave }) => leave()));
    await sleep(300);
    const before = host.requests.length;
    await sleep(1000);
    expect(host.requests).toHaveLength(before);
  });

  it('answer HEAD at once, without a probe', async () => {
    const { app, host } = await makeFleet();
    const answer = await app.ask('/api/events', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await sleep(300);
    expect(host.requests).toEqual([]);
  });

  it('start before the first probe has ended', async () => {
    const slow = await whileTesting(startHost({ '/v1/models': hang }));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${slow.port}?timeout=700` });
    const { answer, events } = await listen(app);
    expect(answer.status).toBe(200);
    await expect.poll(() => events.length, within(1500)).toBe(2);
  });

  it('continue without a database, and report favorites when it is available again', async () => {
    const address = { url: `file:${join(makeFolder(), 'lost.db')}`, authToken: null };
    const real = openMigratedDatabase(address);
    let isUnavailable = true;
    const orFail = async <T>(use: () => Promise<T>): Promise<T> => {
      if (isUnavailable) throw new Error('unavailable');
      return use();
    };
    const database: Database = {
      read: (statement) => orFail(() => real.read(statement)),
      write: (statements) => orFail(() => real.write(statements)),
      script: (sql) => orFail(() => real.script(sql)),
    };
    const { app } = await makeFleet({ database });
    const { events } = await listen(app);
    await expect.poll(() => events.length, within(1000)).toBe(1);
    await sleep(1500);
    expect(events).toMatchObject([{ event: 'catalog' }]);
    isUnavailable = false;
    await expect.poll(() => events.length, within(2000)).toBe(3);
    // The two events come in any order.
    expect(events.map(({ event }) => event).toSorted()).toEqual([
      'catalog',
      'catalog',
      'favorites',
    ]);
    expect(app.logged.filter((line) => line.includes('favorites'))).toHaveLength(1);
  });

  it('answer 503 without providers', async () => {
    const answer = await makeApp({}).ask('/api/events');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'no_providers' } });
  });
});
