import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModels, whileTesting, type Host } from '../hosts.ts';
import { listen } from './listen-events.ts';
import { RUNTIMES, startForTest, type Instance, type Runtime } from './runtimes.ts';

const within = (timeout: number) => ({ timeout, interval: 20 });

describe.each(RUNTIMES)('events on %s', (_name, make) => {
  let host: Host;
  let runtime: Runtime;
  let paddock: Instance;

  beforeAll(async () => {
    host = await startModels(['x', 'y']);
    runtime = await make();
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    paddock = await runtime.start({ PROVIDERS, CATALOG_TTL_MS: '300' });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host?.close();
  });

  const etag = async (path: string) => {
    const answer = await fetch(paddock.url + path);
    await answer.arrayBuffer();
    return answer.headers.get('etag');
  };

  it('report the catalog, a new favorite, and a provider that goes offline and returns', async () => {
    const { answer, events, last } = await listen(paddock);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await expect.poll(() => events.length, within(3000)).toBe(2);
    expect(last('catalog')).toBe(await etag('/api/models'));
    expect(last('favorites')).toBe(await etag('/api/favorites'));

    await fetch(`${paddock.url}/api/favorites/a/x`, { method: 'PUT' });
    await expect.poll(() => events.length, within(1000)).toBe(4);
    expect(last('catalog')).toBe(await etag('/api/models'));
    expect(last('favorites')).toBe(await etag('/api/favorites'));

    const { port } = host;
    await host.close();
    await expect.poll(() => events.length, within(3000)).toBe(6);
    host = await startModels(['x', 'y'], port);
    await expect.poll(() => events.length, within(3000)).toBe(8);
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['catalog', 'favorites']));
    expect(last('catalog')).toBe(await etag('/api/models'));
  });
});

it.each(RUNTIMES)('probes stop when the last event stream ends, on %s', async (_name, make) => {
  const host = await whileTesting(startModels(['x']));
  const runtime = await whileTesting(make());
  const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
  const paddock = await startForTest(runtime.start({ PROVIDERS, CATALOG_TTL_MS: '300' }));
  const [one, other] = await Promise.all([listen(paddock), listen(paddock)]);
  await expect.poll(() => one.events.length + other.events.length, within(5000)).toBeGreaterThan(1);
  one.leave();
  await sleep(500);
  const before = host.requests.length;
  await expect.poll(() => host.requests.length, within(5000)).toBeGreaterThan(before);
  other.leave();
  await sleep(500);
  const last = host.requests.length;
  await sleep(1200);
  expect(host.requests).toHaveLength(last);
});
