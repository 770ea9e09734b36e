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

/** A provider, and an app that would ask it again only after a minute. */
async function setUp(options: Parameters<typeof startHost>[0] = {}) {
  const host = await startHost({ models: MODELS, groups: GROUPS, ...options });
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${new URL(host.url).host} sleeping=llama-swap://127.0.0.1:1`,
    CATALOG_TTL_MS: '60000',
  });
  return { host, app };
}

/** What the catalog says is not stopped. */
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

const ask = (app: TestApp, model: string) =>
  post(app, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }] });

const probesOf = (host: StartedHost) => host.counts.requests.get('GET /running') ?? 0;

describe('the catalog says at once', () => {
  it('what a request loaded, and what had to make room', async () => {
    const { app } = await setUp();
    expect(await running(app)).toEqual([]);
    await ask(app, 'a/llm');
    expect(await running(app)).toEqual(['llm ready']);
    await ask(app, 'other');
    expect(await running(app)).toEqual(['other ready']);
    await ask(app, 'fast');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('what a request for a model that was ready evicted', async () => {
    const { app } = await setUp({ loaded: ['llm', 'embed'] });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    await ask(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
    await post(app, '/v1/embeddings', { model: 'embed', input: 'x' });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    await ask(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('what a stream loads, while it runs', async () => {
    const { app } = await setUp({ tokensPerSecond: 5 });
    await running(app);
    const body = { model: 'llm', stream: true, messages: [{ role: 'user', content: 'x' }] };
    const answer = await app.ask('/v1/chat/completions', { ...put(body), method: 'POST' });
    expect(await running(app)).toEqual(['llm ready']);
    await answer.body?.cancel();
  });

  it('what an answer loads that tells of it', async () => {
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
  ])('what GET %s loads', async (path, model) => {
    const { app } = await setUp();
    await running(app);
    expect((await app.ask(path)).status).toBe(200);
    expect(await running(app)).toEqual([`${model} ready`]);
  });

  it('what a start that failed evicted', async () => {
    const { app } = await setUp({ loaded: 'llm' });
    expect(await running(app)).toEqual(['llm ready']);
    expect(await ask(app, 'broken')).toBe(500);
    expect(await running(app)).toEqual([]);
  });

  it('what an unlisted model evicted', async () => {
    const { app } = await setUp({ loaded: 'llm' });
    expect(await running(app)).toEqual(['llm ready']);
    await ask(app, 'hidden');
    expect(await running(app)).toEqual([]);
    await ask(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
    await ask(app, 'hidden');
    expect(await running(app)).toEqual([]);
  });

  it.each([
    ['/api/unload', { model: 'a/llm' }, ['embed ready']],
    ['/api/unload', { model: 'a/fast' }, ['embed ready']],
    ['/api/providers/a/unload', { model: 'llm' }, ['embed ready']],
    ['/api/providers/a/unload', {}, []],
  ])('what POST %s with %j unloaded', async (path, body, left) => {
    const { app } = await setUp({ loaded: ['llm', 'embed'] });
    expect(await running(app)).toEqual(['embed ready', 'llm ready']);
    expect(await post(app, path, body)).toBe(200);
    expect(await running(app)).toEqual(left);
    await ask(app, 'llm');
    expect(await running(app)).toEqual(['llm ready']);
  });

  it('what a request loads whose client went away', async () => {
    const models = [{ id: 'slow', contextLength: 512, loadMs: 300 }];
    const { host, app } = await setUp({ models, groups: [] });
    await running(app);
    const leaving = new AbortController();
    const { signal } = leaving;
    const body = put({ model: 'slow', messages: [] });
    const asking = app.ask('/v1/chat/completions', { ...body, method: 'POST', signal });
    await expect.poll(() => host.running().length).toBe(1);
    leaving.abort();
    await Promise.allSettled([asking]);
    expect(await running(app)).toEqual(['slow starting']);
  });
});

describe('events', () => {
  it('tell at once of what Paddock loads and unloads', async () => {
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
    const isTold = async () => etags.at(-1) === (await now());
    const within = { timeout: 1500, interval: 20 };
    await expect.poll(isTold, { timeout: 5000 }).toBe(true);
    await ask(app, 'llm');
    await expect.poll(isTold, within).toBe(true);
    expect(etags).toHaveLength(2);
    await post(app, '/api/unload', { model: 'a/llm' });
    await expect.poll(isTold, within).toBe(true);
    expect(etags).toHaveLength(3);
  });
});

describe('a provider is not probed', () => {
  it('where nobody reads, however much is asked of it', async () => {
    const { host, app } = await setUp();
    await running(app);
    for (const model of ['llm', 'other', 'llm', 'embed']) await ask(app, model);
    expect(probesOf(host)).toBe(1);
  });

  it('by reads beside requests that change nothing', async () => {
    const { host, app } = await setUp({ loaded: ['llm', 'embed'] });
    await running(app);
    await ask(app, 'llm');
    await running(app);
    const before = probesOf(host);
    for (let round = 0; round < 20; round += 1) {
      await ask(app, 'llm');
      await ask(app, 'fast');
      await (await app.ask('/upstream/a/llm/health')).text();
      await running(app);
    }
    expect(probesOf(host) - before).toBeLessThan(4);
  });

  it('by reads beside requests for several models that stay loaded', async () => {
    const groups = [{ swap: false, exclusive: false, members: ['llm', 'other'] }];
    const { host, app } = await setUp({ loaded: ['llm', 'other'], groups });
    for (let round = 0; round < 20; round += 1) {
      await ask(app, 'llm');
      await ask(app, 'other');
      expect(await running(app)).toEqual(['llm ready', 'other ready']);
    }
    expect(probesOf(host)).toBeLessThan(6);
  });

  it('by reads beside requests for a peer’s models, or for what it does not know', async () => {
    const { host, app } = await setUp({ loaded: 'llm' });
    await running(app);
    for (let round = 0; round < 20; round += 1) {
      expect(await ask(app, 'a/friend/far')).toBe(200);
      expect(await ask(app, 'a/nobody')).toBe(404);
      await running(app);
    }
    expect(probesOf(host)).toBeLessThan(5);
  });

  it('more than once by many reads at a time', async () => {
    const { host, app } = await setUp();
    await running(app);
    await ask(app, 'llm');
    const all = await Promise.all(Array.from({ length: 50 }, () => running(app)));
    for (const one of all) expect(one).toEqual(['llm ready']);
    expect(probesOf(host)).toBe(2);
  });
});

it('others are not waited for, and what somebody else changed shows after the TTL', async () => {
  const { host, app } = await setUp();
  await running(app);
  const startedAt = performance.now();
  await ask(app, 'llm');
  await running(app);
  expect(performance.now() - startedAt).toBeLessThan(1500);
  await chat(host.url, { model: 'other' });
  await send(`${host.url}/v1/embeddings`, { model: 'embed', input: 'x' });
  await sleep(20);
  expect(await running(app)).toEqual(['llm ready']);
});
