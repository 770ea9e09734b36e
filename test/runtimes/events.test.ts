import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModels, whileTesting, type Host } from '../hosts.ts';
import { listen } from './listen-events.ts';
import { RUNTIMES, startForTest, type Instance, type Runtime } from './runtimes.ts';

const SOON = { timeout: 10_000, interval: 20 };

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
    const areLatest = async () => [
      last('catalog') === (await etag('/api/models')),
      last('favorites') === (await etag('/api/favorites')),
    ];
    /** Waits for new events of both kinds, without a request, until they report the current state. */
    const waitForBoth = async (before: number) => {
      const names = () => new Set(events.slice(before).map(({ event }) => event));
      await expect.poll(names, SOON).toEqual(new Set(['catalog', 'favorites']));
      await expect.poll(areLatest, SOON).toEqual([true, true]);
    };
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await waitForBoth(0);

    let before = events.length;
    await fetch(`${paddock.url}/api/favorites/a/x`, { method: 'PUT' });
    await waitForBoth(before);

    for (const status of ['offline', 'online']) {
      before = events.length;
      if (status === 'offline') await host.close();
      else host = await startModels(['x', 'y'], host.port);
      await waitForBoth(before);
      const { providers } = (await (await fetch(`${paddock.url}/api/models`)).json()) as any;
      expect(providers).toEqual([expect.objectContaining({ status })]);
    }
    for (const name of ['catalog', 'favorites']) {
      const tags = events.filter(({ event }) => event === name).map(({ data }) => data);
      expect(tags.filter((tag, at) => tag === tags[at + 1])).toEqual([]);
    }
  });
});

it.each(RUNTIMES)('probes stop when the last event stream ends, on %s', async (_name, make) => {
  const host = await whileTesting(startModels(['x']));
  const runtime = await whileTesting(make());
  const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
  const paddock = await startForTest(runtime.start({ PROVIDERS, CATALOG_TTL_MS: '300' }));
  const [one, other] = await Promise.all([listen(paddock), listen(paddock)]);
  await expect.poll(() => one.events.length + other.events.length, SOON).toBeGreaterThan(1);
  one.leave();
  await sleep(500);
  const before = host.requests.length;
  await expect.poll(() => host.requests.length, SOON).toBeGreaterThan(before);
  other.leave();
  const countMore = async () => {
    const last = host.requests.length;
    await sleep(1200);
    return host.requests.length - last;
  };
  await expect.poll(countMore, SOON).toBe(0);
});
