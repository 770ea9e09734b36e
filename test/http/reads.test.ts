import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { listen } from '../../demo/listen.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { chat, send, startHost, states, type StartedHost } from '../demo/host-fixture.ts';
import { hang, json, modelList, startHost as startOddHost, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, put, type TestApp } from '../make-app.ts';

const MODELS = [
  { id: 'llm', runtimeContext: 32_768, loadMs: 5 },
  { id: 'other', runtimeContext: 16_384, loadMs: 5 },
  { id: 'embed', runtimeContext: 512, loadMs: 5 },
];

const GROUPS = [{ swap: false, exclusive: false, members: ['embed'] }];

const openDatabase = () =>
  openMigratedDatabase({ url: `file:${join(makeFolder(), 'paddock.db')}`, authToken: null });

/** A provider `a`, an app, and a function that starts another app on the same database. */
async function setUp(options: Parameters<typeof startHost>[0] = {}, rest = '') {
  const host = await startHost({ models: MODELS, groups: GROUPS, ...options });
  const database = openDatabase();
  const restart = (settings: Record<string, string> = {}) =>
    makeApp(
      { PROVIDERS: `a=llama-swap://${new URL(host.url).host}${rest}`, ...settings },
      { database },
    );
  return { host, app: restart(), restart };
}

/** Chats with a model through Paddock, and reads the complete answer. */
async function chatWith(app: TestApp, model: string, rest: object = {}) {
  const messages = [{ role: 'user', content: 'x' }];
  const init = put({ model, messages, ...rest });
  const answer = await app.ask('/v1/chat/completions', { ...init, method: 'POST' });
  return { status: answer.status, text: await answer.text() };
}

const READS = [
  '/api/models',
  '/api/models?refresh=1',
  '/v1/models',
  '/api/providers?refresh=1',
  '/api/context?model=a/llm',
  '/api/context?model=a/embed',
  '/api/resolve?model=a/llm',
  '/api/roles',
  '/api/favorites',
  '/api/doctor',
  '/api/opencode.json',
  '/api/providers/a/running',
];

async function readAll(app: TestApp): Promise<void> {
  for (const path of READS) expect((await app.ask(path)).status).toBe(200);
}

/** The requests to models' own servers, with their numbers. */
const serverRequestsOf = (host: StartedHost) =>
  [...host.counts.requests].filter(
    ([name]) => name.startsWith('GET /upstream/') || name === 'GET /props',
  );

const running = (host: StartedHost) => states(host).map(([model]) => model);

type Window = [contextWindow: number | null, contextSource: string];

/** Expects a model's window within 3 s. Waits before it expects an unknown one, which Paddock must not learn. */
async function expectWindow(app: TestApp, model: string, expected: Window): Promise<void> {
  const read = async () => {
    const { contextWindow, contextSource } = await app.read(`/api/context?model=a/${model}`);
    return [contextWindow, contextSource];
  };
  if (expected[0] === null) await sleep(150);
  await expect.poll(read, { timeout: 3000, interval: 10 }).toEqual(expected);
}

describe('Paddock’s own reads', () => {
  it('evict nothing: a chat model and an embedding model both stay loaded', async () => {
    const { host, app } = await setUp({ loaded: ['llm', 'embed'] });
    await readAll(app);
    await readAll(app);
    expect(running(host)).toEqual(['embed', 'llm']);
    expect(serverRequestsOf(host)).toEqual([]);
    await expectWindow(app, 'llm', [null, 'unknown']);
  });

  it('load nothing, and learn nothing from a pinned model', async () => {
    const profiles = [{ id: 'pinned', pins: { llm: 'other' } }];
    const { host, app } = await setUp({ profiles, activeProfile: 'pinned', loaded: 'llm' });
    await readAll(app);
    expect(running(host)).toEqual(['llm']);
    expect(host.counts.loads.size).toBe(0);
    await expectWindow(app, 'llm', [null, 'unknown']);
  });

  it('keep no model loaded beyond its time to live, in any number of processes', async () => {
    const models = [{ id: 'brief', runtimeContext: 4096, loadMs: 5, ttl: 0.6 }];
    const { host, restart } = await setUp({ models, groups: [], loaded: 'brief' });
    const startedAt = performance.now();
    while (running(host).length > 0) {
      await restart().read('/api/models?refresh=1');
      await sleep(100);
      expect(performance.now() - startedAt).toBeLessThan(5000);
    }
    expect(performance.now() - startedAt).toBeGreaterThan(500);
    expect(serverRequestsOf(host)).toEqual([]);
  });
});

describe('a model’s own server', () => {
  it('is queried when a client’s answer begins, once per load', async () => {
    const { host, app } = await setUp();
    await readAll(app);
    expect((await chatWith(app, 'llm')).status).toBe(200);
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    for (let round = 0; round < 3; round += 1) {
      await chatWith(app, 'llm', { stream: true });
      await readAll(app);
    }
    expect(serverRequestsOf(host)).toEqual([['GET /upstream/llm/props', 1]]);

    await chatWith(app, 'other');
    await expectWindow(app, 'other', [16_384, 'loaded']);
    await expectWindow(app, 'llm', [32_768, 'learned']);
    await chatWith(app, 'llm');
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    expect(serverRequestsOf(host)).toEqual([
      ['GET /upstream/llm/props', 2],
      ['GET /upstream/other/props', 1],
    ]);
    expect([...host.counts.loads]).toEqual([
      ['llm', 2],
      ['other', 1],
    ]);
  });

  it('is queried without a prior read of the catalog, and the next process knows its answer', async () => {
    const { host, app, restart } = await setUp();
    await chatWith(app, 'llm');
    await expect.poll(() => serverRequestsOf(host).length).toBe(1);
    await sleep(100);
    await host.unload();
    await expectWindow(restart(), 'llm', [32_768, 'learned']);
    expect(serverRequestsOf(host)).toEqual([['GET /upstream/llm/props', 1]]);
  });

  it('is queried before the client’s answer has ended', async () => {
    const { host, app } = await setUp({ tokensPerSecond: 5 });
    const init = put({ model: 'llm', stream: true, messages: [{ role: 'user', content: 'x' }] });
    const answer = await app.ask('/v1/chat/completions', { ...init, method: 'POST' });
    await expect.poll(() => serverRequestsOf(host)).toEqual([['GET /upstream/llm/props', 1]]);
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    await answer.body?.cancel();
  });

  it('is queried while other models stay loaded', async () => {
    const { host, app } = await setUp({ loaded: ['llm', 'embed'] });
    const init = put({ model: 'embed', input: 'x' });
    const answer = await app.ask('/v1/embeddings', { ...init, method: 'POST' });
    expect(answer.status).toBe(200);
    await expectWindow(app, 'embed', [512, 'loaded']);
    expect(running(host)).toEqual(['embed', 'llm']);
  });

  it('is not queried when that would evict a model that was loaded meanwhile', async () => {
    const { host, app } = await setUp({ loaded: 'llm', tokensPerSecond: 8 });
    const request = chatWith(app, 'llm', { max_tokens: 16 });
    await sleep(300);
    const embedded = await send(`${host.url}/v1/embeddings`, { model: 'embed', input: 'x' });
    expect(embedded.status).toBe(200);
    expect((await request).status).toBe(200);
    await sleep(100);
    expect(running(host)).toEqual(['embed', 'llm']);
    expect(serverRequestsOf(host)).toEqual([]);
  });

  it.each<[string, string, object, Window]>([
    ['configured', '?context=1000', {}, [1000, 'configured']],
    ['declared', '', { contextLength: 2000 }, [2000, 'declared']],
  ])('is not queried when the window is %s', async (_, rest, fields, expected) => {
    const models = [{ id: 'llm', runtimeContext: 32_768, loadMs: 5, ...fields }];
    const { host, app } = await setUp({ models, groups: [] }, rest);
    await chatWith(app, 'llm');
    await chatWith(app, 'llm');
    await expectWindow(app, 'llm', expected);
    expect(serverRequestsOf(host)).toEqual([]);
  });

  it('lowers the window of the command, and Paddock remembers it', async () => {
    const cmd = 'llama-server -c 65536 -m trained-for-less.gguf';
    const models = [{ id: 'llm', runtimeContext: 32_768, loadMs: 5, cmd }];
    const { host, app, restart } = await setUp({ models, groups: [], loaded: 'llm' });
    await expectWindow(app, 'llm', [65_536, 'loaded']);
    await chatWith(app, 'llm');
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    await app.ask('/api/models?refresh=1');
    await expectWindow(restart(), 'llm', [32_768, 'learned']);
    await host.unload();
    await expectWindow(restart(), 'llm', [32_768, 'learned']);
    await chat(host.url, { model: 'llm' });
    const again = restart();
    await expectWindow(again, 'llm', [32_768, 'learned']);
    await again.ask('/api/models?refresh=1');
    await expectWindow(restart(), 'llm', [32_768, 'learned']);
  });

  it('does not raise the window above the command’s', async () => {
    const models = [
      { id: 'llm', runtimeContext: 3584, loadMs: 5, cmd: 'llama-server -c 10000 -np 3' },
    ];
    const { app } = await setUp({ models, groups: [] });
    await chatWith(app, 'llm');
    await expectWindow(app, 'llm', [3333, 'loaded']);
  });

  it.each([
    ['a failed start', { model: 'broken' }, 500],
    ['an unknown model', { model: 'missing' }, 404],
  ])('is not queried after %s', async (_, body, status) => {
    const models = [...MODELS, { id: 'broken', startError: 'out of memory', loadMs: 5 }];
    const { host, app } = await setUp({ models });
    expect((await chatWith(app, body.model)).status).toBe(status);
    await sleep(150);
    expect(serverRequestsOf(host)).toEqual([]);
  });

  it('is not queried after a client’s GET', async () => {
    const { host, app } = await setUp();
    await (await app.ask('/props?model=a/llm')).text();
    await (await app.ask('/upstream/a/llm/health')).text();
    await sleep(150);
    expect(serverRequestsOf(host)).toEqual([
      ['GET /props', 1],
      ['GET /upstream/llm/health', 1],
    ]);
  });

  it('is queried by the client’s alias, and its answer applies to the model', async () => {
    const models = [{ id: 'llm', aliases: ['fast'], runtimeContext: 32_768, loadMs: 5 }];
    const { host, app } = await setUp({ models, groups: [] });
    await chatWith(app, 'a/fast');
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    await expectWindow(app, 'fast', [32_768, 'loaded']);
    await chatWith(app, 'llm');
    await sleep(150);
    expect(serverRequestsOf(host)).toEqual([['GET /upstream/fast/props', 1]]);
  });

  it('is not queried by a name that a profile pins to another model', async () => {
    const profiles = [{ id: 'pinned', pins: { llm: 'other' } }];
    const groups = [{ swap: false, exclusive: false, members: ['llm', 'other'] }];
    const { host, app } = await setUp({ profiles, groups, loaded: 'llm' });
    await fetch(`${host.url}/api/profiles/active`, {
      method: 'PUT',
      body: JSON.stringify({ name: 'pinned' }),
    });
    await chatWith(app, 'llm');
    await chatWith(app, 'llm');
    await expectWindow(app, 'llm', [null, 'unknown']);
    expect(serverRequestsOf(host)).toEqual([]);
    await chatWith(app, 'other');
    await expectWindow(app, 'other', [16_384, 'loaded']);
  });

  it('is not queried for a peer’s model', async () => {
    const models = [...MODELS, { id: 'friend/far', peer: 'friend', loadMs: 5 }];
    const { host, app } = await setUp({ models });
    await chatWith(app, 'a/friend/far');
    await sleep(150);
    expect(serverRequestsOf(host)).toEqual([]);
  });

  it('is queried after an answer that reported the load', async () => {
    const models = [{ id: 'slow', sendLoadingState: true, runtimeContext: 2048, loadMs: 300 }];
    const { host, app } = await setUp({ models, groups: [] });
    const { text } = await chatWith(app, 'slow', { stream: true });
    expect(text).toContain('loading model');
    await expectWindow(app, 'slow', [2048, 'loaded']);
    expect([...host.counts.loads]).toEqual([['slow', 1]]);
  });

  it('is queried after an answer of a model that serves one request at a time', async () => {
    const { host, app } = await setUp({ concurrencyLimit: 1 });
    await chatWith(app, 'llm', { stream: true });
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    expect(host.counts.loads.get('llm')).toBe(1);
  });

  it('is queried after an answer of an older release, which may block until then', async () => {
    const { host, app } = await setUp({ release: 'v230', tokensPerSecond: 20 });
    const init = put({ model: 'llm', stream: true, messages: [{ role: 'user', content: 'x' }] });
    const answer = await app.ask('/v1/chat/completions', { ...init, method: 'POST' });
    await sleep(200);
    expect(serverRequestsOf(host)).toEqual([]);
    await answer.text();
    await expectWindow(app, 'llm', [32_768, 'loaded']);
    expect(serverRequestsOf(host)).toEqual([['GET /upstream/llm/props', 1]]);
  });
});

describe('a provider that is slow or incomplete', () => {
  const props = '/upstream/m/props';
  const start = (answers: Parameters<typeof startOddHost>[0]) =>
    whileTesting(
      startOddHost({
        '/v1/models': json(modelList('m')),
        '/running': json({ running: [{ model: 'm', state: 'ready' }] }),
        '/api/profiles': json({ active: null, profiles: [] }),
        '/v1/chat/completions': json({ choices: [] }),
        ...answers,
      }),
    );

  it.each([
    ['hangs', hang],
    ['does not know /props', json({ error: 'no' }, 404)],
    ['answers a trillion', json({ default_generation_settings: { n_ctx: 1e12 } })],
    ['answers nothing', json({})],
  ])('delays no answer, and is queried once per load, when it %s', async (_, answer) => {
    const host = await start({ [props]: answer });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}?timeout=1000` });
    const startedAt = performance.now();
    for (let round = 0; round < 5; round += 1) expect((await chatWith(app, 'm')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(900);
    await sleep(1300);
    await chatWith(app, 'm');
    await expectWindow(app, 'm', [null, 'unknown']);
    expect(host.requests.filter((path) => path === props)).toHaveLength(1);
  });

  it.each([
    ['without a list', { '/v1/models': json({ error: 'no' }, 404) }],
    ['without /running', { '/running': json({ error: 'no' }, 404) }],
    ['that has the model not loaded', { '/running': json({ running: [] }) }],
    [
      'that has the model in two states',
      {
        '/running': json({
          running: ['ready', 'starting'].map((state) => ({ model: 'm', state })),
        }),
      },
    ],
    ['that fails at /api/profiles', { '/api/profiles': json({}, 503) }],
    [
      'that is starting another model',
      {
        '/running': json({
          running: [
            { model: 'm', state: 'ready' },
            { model: 'n', state: 'starting' },
          ],
        }),
      },
    ],
  ])('%s is not queried for a model’s own server', async (_, answers) => {
    const host = await start(answers);
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}?timeout=300` });
    for (let round = 0; round < 5; round += 1) expect((await chatWith(app, 'm')).status).toBe(200);
    await sleep(100);
    expect(host.requests.filter((path) => path === props)).toEqual([]);
    expect(host.requests.filter((path) => path === '/v1/models').length).toBeLessThan(3);
  });
});

test('a model whose name fits no path is queried with ?model=', async () => {
  const models = [{ id: 'org//m', runtimeContext: 4096, loadMs: 5 }];
  const { host, app } = await setUp({ models, groups: [] });
  expect((await chatWith(app, 'a/org//m')).status).toBe(200);
  await expectWindow(app, 'org//m', [4096, 'loaded']);
  expect(serverRequestsOf(host)).toEqual([['GET /props', 1]]);
});

describe('Paddock does not reload a model', () => {
  const models = [
    { id: 'first', runtimeContext: 4096, loadMs: 5 },
    { id: 'second', runtimeContext: 2048, loadMs: 5 },
  ];

  /** A provider with a slow network: /running or /props takes 150 ms more. */
  async function setUpFar(slow: 'running' | 'props') {
    const host = await startHost({ models });
    const far = await listen(async (request) => {
      const { pathname } = new URL(request.url);
      if (slow === 'props' && pathname.endsWith('/props')) await sleep(150);
      // A request that was cancelled on its way never arrives.
      if (request.signal.aborted) return new Response(null);
      const answer = await host.fetch(request);
      if (slow === 'running' && pathname === '/running') await sleep(150);
      return answer;
    });
    onTestFinished(() => far.close());
    const app = makeApp({ PROVIDERS: `a=llama-swap://${new URL(far.url).host}` });
    await app.read('/api/models');
    return { host, app };
  }

  const slowPaths = ['running', 'props'] as const;

  it.each(slowPaths)('that a later request evicted while /%s is slow', async (slow) => {
    const { host, app } = await setUpFar(slow);
    await chatWith(app, 'first');
    await sleep(60);
    await chatWith(app, 'second');
    await sleep(500);
    expect(running(host)).toEqual(['second']);
    expect(host.counts.loads.get('first')).toBe(1);
  });

  it.each(slowPaths)('that was unloaded while /%s is slow', async (slow) => {
    const { host, app } = await setUpFar(slow);
    await chatWith(app, 'first');
    await sleep(60);
    const answer = await app.ask('/api/unload', { ...put({ model: 'a/first' }), method: 'POST' });
    expect(answer.status).toBe(200);
    await sleep(500);
    expect(running(host)).toEqual([]);
    expect(host.counts.loads.get('first')).toBe(1);
  });

  it.each(slowPaths)('that a request to /upstream evicted while /%s is slow', async (slow) => {
    const { host, app } = await setUpFar(slow);
    await chatWith(app, 'first');
    await sleep(60);
    await (await app.ask('/upstream/a/second/health')).text();
    await sleep(500);
    expect(running(host)).toEqual(['second']);
    expect(host.counts.loads.get('first')).toBe(1);
  });

  it('that is evicted by rapid alternating requests', async () => {
    const { host, app } = await setUp({ models, groups: [] });
    for (let round = 1; round <= 10; round += 1) {
      await chatWith(app, 'first');
      await chatWith(app, 'second');
      await sleep(50);
      expect(running(host)).toEqual(['second']);
      expect(host.counts.loads.get('first')).toBe(round);
    }
  });
});
