import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chat, send, startHost, type StartedHost } from '../demo/host-fixture.ts';
import { makeApp, put, type TestApp } from '../make-app.ts';

const MODELS = [
  { id: 'llm', aliases: ['fast'], contextLength: 4096, loadMs: 20 },
  { id: 'other', contextLength: 4096, loadMs: 20 },
  { id: 'embed', contextLength: 512, loadMs: 20 },
  { id: 'org/deep/er', contextLength: 512, loadMs: 20 },
  { id: 'broken', contextLength: 512, startError: 'out of memory', loadMs: 20 },
  { id: 'hidden', contextLength: 512, unlisted: true, loadMs: 20 },
  { id: 'friend/far', contextLength: 512, peer: 'friend', loadMs: 20 },
];

const GROUPS = [{ swap: false, exclusive: false, members: ['embed'] }];

/** A provider, and an app whose snapshots are fresh for a minute. */
async function setUp(options: Parameters<typeof startHost>[0] = {}) {
  const host = await startHost({ models: MODELS, groups: GROUPS, ...options });
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${new URL(host.url).host} offline=llama-swap://127.0.0.1:1`,
    CATALOG_TTL_MS: '60000',
  });
  return { host, app };
}

/** The models that are loaded according to the catalog. */
async function running(app: TestApp): Promise<string[]> {
  const { providers } = await app.read('/api/models');
  return providers[0].models
    .filter(({ state }: any) => state !== 'stopped' && state !== 'unknown')
    .map(({ model, state }: any) => `${model} ${state}`);
}

async function post(app: TestApp, path: string, body: unknown): Promise<number> {
  const answer = await app.ask(path, { ...put(body), method: 'POST' });
  await answer.text();
  return answer.status;
}

const chatWith = (app: TestApp, model: string) =>
  post(app, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }] });

const probesOf = (host: StartedHost) => host.counts.requests.get('GET /running') ?? 0;

describe('the catalog shows at once', () => {
  it('a model that a request loaded, and the one that it evicted', async () => {
    const { app } = await setUp();
    expect(await running(app)).toEqual([]);
    await chatWith(app, 'a/llm');
    expect(await running(app)).toEqual(['llm ready']);
    await chatWith(app, 'other');
    expect(await running(app)).toEqual(['other ready']);
    await chatWith(app, 'fast');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('a model that a request for a ready model evicted', async () => {
    const { app } = await setUp({ loaded: ['llm', 'embed'] });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    await chatWith(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
    await post(app, '/v1/embeddings', { model: 'embed', input: 'x' });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    await chatWith(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('a model that a stream loads, during the stream', async () => {
    const { app } = await setUp({ tokensPerSecond: 5 });
    await running(app);
    const body = { model: 'llm', stream: true, messages: [{ role: 'user', content: 'x' }] };
    const answer = await app.ask('/v1/chat/completions', { ...put(body), method: 'POST' });
    expect(await running(app)).toEqual(['llm ready']);
    await answer.body?.cancel();
  });

  it('a model that starts while the answer reports the start', async () => {
    const models = [{ id: 'slow', contextLength: 512, sendLoadingState: true, loadMs: 200 }];
    const { app } = await setUp({ models, groups: [] });
    await running(app);
    const body = { model: 'slow', stream: true, messages: [{ role: 'user', content: 'x' }] };
    const answer = await app.ask('/v1/chat/completions', { ...put(body), method: 'POST' });
    expect(await running(app)).toEqual(['slow starting']);
    await answer.text();
    expect(await running(app)).toEqual(['slow ready']);
  });

  it.each([
    ['/upstream/a/llm/health', 'llm'],
    ['/upstream/a/org/deep/er/health', 'org/deep/er'],
    ['/upstream/a/org%2Fdeep%2Fer/health', 'org/deep/er'],
    ['/props?model=a/llm', 'llm'],
    ['/v1/audio/voices?model=a/llm', 'llm'],
  ])('a model that GET %s loads', async (path, model) => {
    const { app } = await setUp();
    await running(app);
    expect((await app.ask(path)).status).toBe(200);
    expect(await running(app)).toEqual([`${model} ready`]);
  });

  it('a model that a failed start evicted', async () => {
    const { app } = await setUp({ loaded: 'llm' });
    expect(await running(app)).toEqual(['llm ready']);
    expect(await chatWith(app, 'broken')).toBe(500);
    expect(await running(app)).toEqual([]);
  });

  it('a model that an unlisted model evicted', async () => {
    const { app } = await setUp({ loaded: 'llm' });
    expect(await running(app)).toEqual(['llm ready']);
    await chatWith(app, 'hidden');
    expect(await running(app)).toEqual([]);
    await chatWith(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
    await chatWith(app, 'hidden');
    expect(await running(app)).toEqual([]);
  });

  it.each([
    ['/api/unload', { model: 'a/llm' }, ['embed ready']],
    ['/api/unload', { model: 'a/fast' }, ['embed ready']],
    ['/api/providers/a/unload', { model: 'llm' }, ['embed ready']],
    ['/api/providers/a/unload', {}, []],
  ])('a model that POST %s with %j unloaded', async (path, body, left) => {
    const { app } = await setUp({ loaded: ['llm', 'embed'] });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    expect(await post(app, path, body)).toBe(200);
    expect(await running(app)).toEqual(left);
    await chatWith(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('a model that starts for a request whose client went away', async () => {
    const models = [{ id: 'slow', contextLength: 512, loadMs: 300 }];
    const { host, app } = await setUp({ models, groups: [] });
    await running(app);
    const leaving = new AbortController();
    const { signal } = leaving;
    const body = put({ model: 'slow', messages: [] });
    const request = app.ask('/v1/chat/completions', { ...body, method: 'POST', signal });
    await expect.poll(() => host.running().length).toBe(1);
    leaving.abort();
    await Promise.allSettled([request]);
    expect(await running(app)).toEqual(['slow starting']);
  });
});

describe('events', () => {
  it('report loads and unloads by Paddock at once', async () => {
    const { app } = await setUp();
    const answer = await app.ask('/api/events');
    const etags: string[] = [];
    const parser = createParser({
      onEvent: ({ event, data }) => void (event === 'catalog' && etags.push(data)),
    });
    const reader = answer.body?.getReader();
    const reading = (async () => {
      const decoder = new TextDecoder();
      for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
        parser.feed(decoder.decode(next.value, { stream: true }));
      }
    })();
    onTestFinished(async () => {
      await reader?.cancel();
      await reading;
    });
    const now = async () => (await app.ask('/api/models')).headers.get('etag');
    const isCurrent = async () => etags.at(-1) === (await now());
    const within = { timeout: 1500, interval: 20 };
    await expect.poll(isCurrent, { timeout: 5000 }).toBe(true);
    await chatWith(app, 'llm');
    await expect.poll(isCurrent, within).toBe(true);
    expect(etags).toHaveLength(2);
    await post(app, '/api/unload', { model: 'a/llm' });
    await expect.poll(isCurrent, within).toBe(true);
    expect(etags).toHaveLength(3);
  });
});

describe('a provider is not probed', () => {
  it('for any number of requests while no client reads the catalog', async () => {
    const { host, app } = await setUp();
    await running(app);
    for (const model of ['llm', 'other', 'llm', 'embed']) await chatWith(app, model);
    expect(probesOf(host)).toBe(1);
  });

  it('for reads between requests that change no model’s state', async () => {
    const { host, app } = await setUp({ loaded: ['llm', 'embed'] });
    await running(app);
    await chatWith(app, 'llm');
    await running(app);
    const before = probesOf(host);
    for (let round = 0; round < 20; round += 1) {
      await chatWith(app, 'llm');
      await chatWith(app, 'fast');
      await (await app.ask('/upstream/a/llm/health')).text();
      await running(app);
    }
    expect(probesOf(host) - before).toBeLessThan(4);
  });

  it('for reads between requests for several models that stay loaded', async () => {
    const groups = [{ swap: false, exclusive: false, members: ['llm', 'other'] }];
    const { host, app } = await setUp({ loaded: ['llm', 'other'], groups });
    for (let round = 0; round < 20; round += 1) {
      await chatWith(app, 'llm');
      await chatWith(app, 'other');
      expect(await running(app)).toEqual(['llm ready', 'other ready']);
    }
    expect(probesOf(host)).toBeLessThan(6);
  });

  it('for reads between requests for models of a peer, or for unknown models', async () => {
    const { host, app } = await setUp({ loaded: 'llm' });
    await running(app);
    for (let round = 0; round < 20; round += 1) {
      expect(await chatWith(app, 'a/friend/far')).toBe(200);
      expect(await chatWith(app, 'a/missing')).toBe(404);
      await running(app);
    }
    expect(probesOf(host)).toBeLessThan(5);
  });

  it('more than once for concurrent reads', async () => {
    const { host, app } = await setUp();
    await running(app);
    await chatWith(app, 'llm');
    const all = await Promise.all(Array.from({ length: 50 }, () => running(app)));
    for (const one of all) expect(one).toEqual(['llm ready']);
    expect(probesOf(host)).toBe(2);
  });
});

it('waits for no other provider, and shows changes of other clients after the TTL', async () => {
  const { host, app } = await setUp();
  await running(app);
  const startedAt = performance.now();
  await chatWith(app, 'llm');
  await running(app);
  expect(performance.now() - startedAt).toBeLessThan(1500);
  await chat(host.url, { model: 'other' });
  await send(`${host.url}/v1/embeddings`, { model: 'embed', input: 'x' });
  await sleep(20);
  expect(await running(app)).toEqual(['llm ready']);
});
