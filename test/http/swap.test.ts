import { createParser } from 'eventsource-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHost } from '../demo/host-fixture.ts';
import { findDeadPort } from '../hosts.ts';
import { makeApp, put, type TestApp } from '../make-app.ts';

const MODELS = [
  { id: 'llm', name: 'The LLM', aliases: ['fast'], contextLength: 4096, loadMs: 0, ttl: 300 },
  { id: 'org/deep/模型 1', contextLength: 4096, loadMs: 0 },
  { id: 'embed', contextLength: 512, loadMs: 0 },
  { id: 'hidden', contextLength: 512, unlisted: true, loadMs: 0 },
  { id: 'friend/far', contextLength: 512, peer: 'friend', loadMs: 0 },
];
const GROUPS = [{ swap: false, exclusive: false, members: MODELS.map(({ id }) => id) }];

/** Two llama-swaps, one of them also as an OpenAI server, and one that is offline. */
async function setUp({
  settings = {},
  ...options
}: Parameters<typeof startHost>[0] & { settings?: Record<string, string> } = {}) {
  const a = await startHost({
    models: MODELS,
    groups: GROUPS,
    loaded: ['llm', 'hidden'],
    ...options,
  });
  const b = await startHost({ models: MODELS.slice(0, 2), loaded: ['org/deep/模型 1'] });
  const at = ({ url }: { url: string }) => new URL(url).host;
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${at(a)} b=llama-swap://${at(b)} o=openai://${at(b)}
      off=llama-swap://127.0.0.1:${await findDeadPort()}`,
    MODEL_ALIASES: 'quick=b/llm',
    CATALOG_TTL_MS: '60000',
    ...settings,
  });
  return { app, a, b };
}

const post = (body?: unknown): RequestInit => ({
  ...(body === undefined ? {} : put(body)),
  method: 'POST',
});
const running = async (app: TestApp) =>
  (await app.read('/running')).running.map(({ model, state }: any) => `${model} ${state}`);

const ALL = ['a/hidden ready', 'a/llm ready', 'b/org/deep/模型 1 ready'];

describe('GET /running', () => {
  it('lists the loaded models of all providers, without commands and addresses', async () => {
    const { app } = await setUp();
    expect(await app.read('/running')).toEqual({
      running: [
        { model: 'a/hidden', state: 'ready', ttl: 0, name: 'hidden', description: '' },
        { model: 'a/llm', state: 'ready', ttl: 300, name: 'The LLM', description: '' },
        {
          model: 'b/org/deep/模型 1',
          state: 'ready',
          ttl: 0,
          name: 'org/deep/模型 1',
          description: '',
        },
      ],
    });
  });

  it('answers 503 without providers', async () => {
    expect((await makeApp({}).ask('/running')).status).toBe(503);
  });
});

describe('GET /models', () => {
  it('is the list of /v1/models, without a note', async () => {
    const { app } = await setUp();
    const [short, long] = [await app.ask('/models'), await app.ask('/v1/models')];
    expect(await short.text()).toBe(await long.text());
    expect(short.headers.get('etag')).toBe(long.headers.get('etag'));
    expect(short.headers.has('x-paddock-note')).toBe(false);
    expect((await app.ask('/models/')).headers.get('x-paddock-note')).toContain('slashes');
    expect((await app.ask('/models/a/llm')).headers.get('x-paddock-note')).toContain('lacks /v1');
  });
});

describe('GET /api/version', () => {
  it('serves llama-swap’s clients, and Ollama’s that want 0.6.4', async () => {
    const { app } = await setUp();
    const { version, ...rest } = await app.read('/api/version');
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number(version.split('.')[0])).toBeGreaterThan(0);
    expect(rest).toEqual({ commit: expect.stringMatching(/^paddock-/), build_date: 'unknown' });
  });
});

describe('POST /models/load', () => {
  it('loads a model as llama.cpp’s router does, and answers when it is ready', async () => {
    const { app } = await setUp();
    for (const model of ['b/llm', 'quick']) {
      expect(await app.read('/models/load', post({ model }))).toEqual({ success: true });
      expect(await running(app)).toContain('b/llm ready');
    }
  });

  it.each([
    [{ model: 'a/nothing' }, 404, 'not_found'],
    [{ model: 'o/llm' }, 409, 'unsupported_by_provider'],
    [{ model: 'off/llm' }, 502, 'provider_unreachable'],
    [{ model: '' }, 400, 'invalid_model_id'],
    [{}, 400, 'invalid_request'],
  ])('refuses %j', async (body, status, code) => {
    const { app } = await setUp();
    const answer = await app.ask('/models/load', post(body));
    expect([answer.status, ((await answer.json()) as any).error.code]).toEqual([status, code]);
    expect(await running(app)).toEqual(ALL);
  });
});

describe('unloads', () => {
  it('all models of the online providers', async () => {
    const { app } = await setUp();
    expect(await running(app)).toEqual(ALL);
    expect(await app.read('/api/models/unload', post())).toEqual({ msg: 'ok' });
    expect(await running(app)).toEqual([]);
  });

  it.each([
    ['/api/models/unload/a/llm', 'a/llm'],
    ['/api/models/unload/a%2Fllm', 'a/llm'],
    ['/api/models/unload/llm', 'a/llm'],
    ['/api/models/unload/a/fast', 'a/llm'],
    ['/api/models/unload/a/hidden', 'a/hidden'],
    [`/api/models/unload/b/org/deep/${encodeURIComponent('模型 1')}`, 'b/org/deep/模型 1'],
    [`/api/models/unload/${encodeURIComponent('b/org/deep/模型 1')}`, 'b/org/deep/模型 1'],
  ])('one model: POST %s', async (path, gone) => {
    const { app } = await setUp();
    for (const init of [post(), { ...post(), headers: { 'content-type': 'application/json' } }]) {
      const answer = await app.ask(path, init);
      expect([answer.status, await answer.text()]).toEqual([200, 'OK']);
    }
    expect(await running(app)).toEqual(ALL.filter((one) => one !== `${gone} ready`));
  });

  it('one model as llama.cpp’s router does', async () => {
    const { app } = await setUp();
    const body = { model: 'a/llm', extra: 1 };
    expect(await app.read('/models/unload', post(body))).toEqual({ success: true });
    expect(await running(app)).toEqual(ALL.filter((one) => one !== 'a/llm ready'));
  });

  it.each([
    ['/api/models/unload/a/nothing', undefined, 404, 'not_found'],
    ['/api/models/unload/a/friend/far', undefined, 404, 'not_found'],
    ['/api/models/unload/o/llm', undefined, 409, 'unsupported_by_provider'],
    ['/api/models/unload/off/llm', undefined, 502, 'provider_unreachable'],
    ['/api/models/unload/a/', undefined, 400, 'invalid_model_id'],
    ['/api/models/unload/%ff', undefined, 400, 'invalid_model_id'],
    ['/models/unload', { model: 'a/nothing' }, 404, 'not_found'],
    ['/models/unload', { id: 'a/llm' }, 400, 'invalid_request'],
    ['/models/unload', [], 400, 'invalid_request'],
  ])('nothing: POST %s %j', async (path, body, status, code) => {
    const { app } = await setUp();
    const answer = await app.ask(path, post(body));
    expect([answer.status, ((await answer.json()) as any).error.code]).toEqual([status, code]);
    expect(await running(app)).toEqual(ALL);
  });

  it('reports the provider that fails, after it has asked all', async () => {
    const { app, b } = await setUp();
    await running(app);
    await b.listener.close();
    const answer = await app.ask('/api/models/unload', post());
    expect(answer.status).toBe(502);
    expect(((await answer.json()) as any).error.message).toMatch(/^b /);
    expect(await running(app)).toEqual([]);
  });

  it('nothing by a GET, and nothing for a page of another origin', async () => {
    const { app } = await setUp();
    const unload = await app.ask('/unload');
    expect([unload.status, await unload.text()]).toEqual([
      404,
      expect.stringContaining('A GET changes nothing: POST /api/models/unload unloads'),
    ]);
    expect((await app.ask('/api/models/unload')).status).toBe(405);
    const headers = { origin: 'https://other.example' };
    for (const path of [
      '/api/models/unload',
      '/api/models/unload/a/llm',
      '/models/unload',
      '/models/load',
    ]) {
      expect((await app.ask(path, { method: 'POST', headers })).status).toBe(403);
    }
    expect(await running(app)).toEqual(ALL);
  });
});

/** A client of `/api/events` that knows llama-swap only, with the messages that it was sent. */
async function follow(app: TestApp, { query = '', headers = {} as Record<string, string> } = {}) {
  const answer = await app.ask(`/api/events${query}`, { headers });
  const messages: { type: string; data: any; at: number }[] = [];
  const names = new Set<string>();
  const parser = createParser({
    onEvent: ({ event = 'message', data }) => {
      names.add(event);
      if (event !== 'message') return;
      const message = JSON.parse(data);
      messages.push({ type: message.type, data: JSON.parse(message.data), at: performance.now() });
    },
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
  const last = (type: string) => messages.findLast((message) => message.type === type)?.data;
  const states = () => last('modelStatus')?.map(({ id, state }: any) => `${id} ${state}`) ?? null;
  return { status: answer.status, names, messages, last, states };
}

const soon = { timeout: 5000, interval: 20 };

describe('/api/events sends llama-swap’s messages', () => {
  it('with the states of all models, as llama-swap describes them', async () => {
    const { app } = await setUp();
    const { names, last, states } = await follow(app);
    await expect.poll(() => states()?.length, soon).toBe(9);
    expect([...names].toSorted()).toEqual(['catalog', 'favorites', 'message']);
    const byId = Object.fromEntries(last('modelStatus').map((one: any) => [one.id, one]));
    expect(byId['a/llm']).toEqual({
      id: 'a/llm',
      name: 'The LLM (a)',
      description: '',
      state: 'ready',
      unlisted: false,
      peerID: '',
      aliases: ['a/fast'],
      context_length: 4096,
    });
    expect(byId['a/friend/far']).toMatchObject({ state: '', peerID: 'friend', unlisted: false });
    expect(byId['a/hidden']).toMatchObject({ state: 'ready', unlisted: true });
    expect(byId['b/llm']).toMatchObject({ state: 'stopped', aliases: ['b/fast', 'quick'] });
    expect(byId['b/org/deep/模型 1'].state).toBe('ready');
    expect(byId['o/llm'].state).toBe('stopped');
    expect(last('inflight')).toEqual({ operation: 'snapshot', requests: [] });
  });

  it('with the changes of states and requests, at most one of a type per second', async () => {
    const { app, a, b } = await setUp({ tokensPerSecond: 5 });
    const { messages, last, states } = await follow(app, { query: '?topics=llama-swap' });
    await expect.poll(() => states(), soon).toContain('a/llm ready');
    const leaving = new AbortController();
    const request = app.ask('/v1/chat/completions', {
      ...post({
        model: 'a/llm',
        stream: true,
        messages: [{ role: 'user', content: 'x'.repeat(99) }],
      }),
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'my-own',
        'user-agent': 'private',
        authorization: 'Bearer s3cret',
      },
      signal: leaving.signal,
    });
    await expect.poll(() => last('inflight')?.requests.length, soon).toBe(1);
    expect(last('inflight').requests).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        model: 'a/llm',
        req_path: '/v1/chat/completions',
        method: 'POST',
        resp_bytes: 0,
        elapsed_ms: expect.any(Number),
      },
    ]);
    await (await request).body?.cancel();
    leaving.abort();
    await expect.poll(() => last('inflight')?.requests.length, soon).toBe(0);
    await app.ask('/api/models/unload', post());
    await expect.poll(() => states(), soon).toContain('a/llm stopped');
    expect(states()).not.toContain('a/hidden ready');
    for (const type of ['modelStatus', 'inflight']) {
      const times = messages.filter((message) => message.type === type).map(({ at }) => at);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThan(900);
    }
    for (const host of [a, b]) expect(host.counts.requests.has('GET /api/events')).toBe(false);
  });

  it('only for its topic', async () => {
    const { app } = await setUp();
    const { names } = await follow(app, { query: '?topics=favorites,%20catalog' });
    await expect.poll(() => names.size, soon).toBe(2);
    expect([...names].toSorted()).toEqual(['catalog', 'favorites']);
    for (const topics of ['', 'catalog,', 'logs', 'Catalog']) {
      const answer = await app.ask(`/api/events?topics=${topics}`);
      expect([answer.status, ((await answer.json()) as any).error.message]).toEqual([
        400,
        `The topic "${topics.split(',').at(-1)}" is unknown. The topics are catalog, favorites, llama-swap.`,
      ]);
    }
  });

  it('about requests of other keys only to ADMIN_KEYS, where they are set', async () => {
    const { app } = await setUp({
      tokensPerSecond: 5,
      settings: { API_KEYS: 'one:k1,two:k2,k3', ADMIN_KEYS: 'boss:k4' },
    });
    const begin = async (key: string) => {
      const body = { model: 'a/llm', stream: true, messages: [{ role: 'user', content: 'x' }] };
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const answer = await app.ask('/v1/chat/completions', { ...post(body), headers });
      onTestFinished(() => answer.body?.cancel());
    };
    await begin('k1');
    await begin('k3');
    const count = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      const { last } = await follow(app, { headers, query: '?topics=llama-swap' });
      await expect.poll(() => last('inflight'), soon).toBeDefined();
      return last('inflight').requests.length;
    };
    expect([await count('k1'), await count('k2'), await count('k3'), await count('k4')]).toEqual([
      1, 0, 0, 2,
    ]);
  });
});
