import { describe, expect, it } from 'vitest';
import { listen } from '../../demo/listen.ts';
import {
  createLlamaServerRouter,
  type LlamaServerRouterOptions,
} from '../../demo/llama-server-router.ts';
import { chat } from '../demo/host-fixture.ts';
import { json, text, whileTesting } from '../hosts.ts';
import { makeProviderApp, startOdd } from './fleet-app.ts';

const MODELS = [
  { id: 'org/big:q4', aliases: ['big'], contextLength: 8192, loadMs: 60 },
  { id: 'eye', capabilities: ['vision'], loadMs: 60 },
  { id: 'broken', startError: 'out of memory', loadMs: 10 },
];

async function startRouter(options: Partial<LlamaServerRouterOptions> = {}) {
  const host = createLlamaServerRouter({
    name: 'r',
    models: MODELS,
    tokensPerSecond: 2000,
    ...options,
  });
  const { url } = await whileTesting(listen(host.fetch));
  const key = options.apiKey === undefined ? '' : `${options.apiKey}@`;
  const provider = makeProviderApp(`llama-server://${key}${new URL(url).host}?timeout=5000`);
  return { host, url, ...provider };
}

describe('a llama-server in router mode', () => {
  it('is listed with states, windows and modalities, and loads nothing for it', async () => {
    const { host, group, models } = await startRouter({ loaded: 'org/big:q4' });
    expect(await group()).toMatchObject({
      kind: 'llama-server',
      status: 'online',
      can: { running: true, load: true, unload: true, upstream: false, logs: false },
    });
    expect(await models('model', 'kind', 'state', 'contextWindow', 'capabilities')).toEqual([
      ['broken', 'model', 'stopped', null, []],
      ['eye', 'model', 'stopped', null, ['vision']],
      ['org/big:q4', 'model', 'ready', 8192, []],
    ]);
    expect(host.counts.loads.size).toBe(0);
    expect([...host.counts.requests.keys()]).toEqual(['GET /v1/models']);
  });

  it('shows no arguments of its servers', async () => {
    const { app, running } = await startRouter({ loaded: 'eye' });
    expect(await running()).toEqual([{ model: 'eye', state: 'ready' }]);
    for (const path of ['/api/models', '/v1/models']) {
      expect(await (await app.ask(path)).text()).not.toMatch(/srv\/models|ctx-size/);
    }
  });

  it('loads and unloads models by their names and aliases, and waits for each', async () => {
    const { host, load, unload, running } = await startRouter({ apiKey: 's3cret' });
    expect(await load('a/big')).toMatchObject({ status: 200, body: { id: 'a/big' } });
    expect(await load('a/eye')).toMatchObject({ status: 200 });
    expect(await running()).toEqual([
      { model: 'eye', state: 'ready' },
      { model: 'org/big:q4', state: 'ready' },
    ]);
    expect((await load('a/eye')).status).toBe(200);
    expect(host.counts.loads).toEqual(
      new Map([
        ['org/big:q4', 1],
        ['eye', 1],
      ]),
    );
    expect((await unload('a/big')).status).toBe(200);
    expect((await unload('a/big')).status).toBe(200);
    expect(host.running().map(({ model }) => model)).toEqual(['eye']);
  });

  it('unloads all models', async () => {
    const { host, post } = await startRouter({ loaded: ['eye', 'org/big:q4'] });
    expect((await post('/api/providers/a/unload')).status).toBe(200);
    expect(host.running()).toEqual([]);
  });

  it('waits for a model that is already loading', async () => {
    const { host, url, load } = await startRouter();
    const chatting = chat(url, { model: 'eye' });
    await expect.poll(() => host.running().length).toBe(1);
    expect((await load('a/eye')).status).toBe(200);
    expect(host.counts.loads.get('eye')).toBe(1);
    await (await chatting).text();
  });

  it('shows a load by a client’s request at once', async () => {
    const { app, models } = await startRouter();
    await models('state');
    const body = JSON.stringify({ model: 'a/eye', messages: [], max_tokens: 2 });
    const headers = { 'content-type': 'application/json' };
    await (await app.ask('/v1/chat/completions', { method: 'POST', headers, body })).text();
    const { providers } = await app.read('/api/models');
    expect(providers[0].models[1]).toMatchObject({ model: 'eye', state: 'ready' });
  });

  it.each([
    ['a model that does not start', 'broken', 502, /^a did not load "broken": .* its log/],
    ['an unknown model', 'nothing', 404, /^a has no model "nothing" of its own/],
  ])('answers an error for %s', async (_, model, status, message) => {
    const { load } = await startRouter();
    const failed = await load(`a/${model}`);
    expect([failed.status, failed.message]).toEqual([status, expect.stringMatching(message)]);
  });

  it('answers 404 for an unload of an unknown model', async () => {
    const { unload } = await startRouter();
    expect(await unload('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('has no faults, and names its build', async () => {
    const { app, findings } = await startRouter();
    expect(await findings()).toEqual([]);
    expect((await app.read('/api/doctor')).hosts[0].release).toBe('b9120-demo');
  });

  it('wakes a sleeping model by loading it again', async () => {
    let value = 'sleeping';
    const changeTo =
      (next: string) => (_request: unknown, response: Parameters<ReturnType<typeof json>>[1]) => {
        value = next;
        response.end('{"success":true}');
      };
    const { load, host } = await startOdd('llama-server', {
      '/v1/models': (...args: Parameters<ReturnType<typeof json>>) =>
        json({ data: [{ id: 'm', status: { value } }] })(...args),
      '/models/unload': changeTo('unloaded'),
      '/models/load': changeTo('loaded'),
    });
    expect((await load('a/m')).status).toBe(200);
    expect(host.requests.filter((path) => path !== '/v1/models')).toEqual([
      '/models/unload',
      '/models/load',
    ]);
  });

  it('reads a sleeping model as stopped, and one that loads as starting', async () => {
    const entry = (id: string, value: string) => ({
      id,
      status: { value, args: ['-c', '4096', 7] },
    });
    const data = ['sleeping', 'loading', 'downloading', 'loaded', 'new'].map((value) =>
      entry(value, value),
    );
    const { models } = await startOdd('llama-server', { '/v1/models': { object: 'list', data } });
    expect(await models('model', 'state', 'contextWindow')).toEqual([
      ['downloading', 'stopped', null],
      ['loaded', 'ready', 4096],
      ['loading', 'starting', null],
      ['new', 'stopped', null],
      ['sleeping', 'stopped', null],
    ]);
  });
});

const ALONE = {
  '/v1/models': {
    object: 'list',
    data: [
      {
        id: 'only',
        aliases: ['only', 'other'],
        owned_by: 'llamacpp',
        meta: { n_ctx_train: 32_768 },
      },
    ],
    models: [{ model: 'only', capabilities: ['completion', 'multimodal'] }],
  },
  '/props': {
    default_generation_settings: { n_ctx: 2048 },
    total_slots: 2,
    modalities: { vision: false, audio: true },
    chat_template_caps: { supports_tools: true },
    build_info: 'b0-unknown',
    is_sleeping: false,
  },
};

describe('a llama-server alone', () => {
  it('has its model ready, with what its own properties say', async () => {
    const { group, host, running } = await startOdd('llama-server', ALONE);
    const { can, models } = await group();
    expect(can).toEqual({
      running: true,
      load: false,
      unload: false,
      upstream: false,
      logs: false,
    });
    expect(models).toMatchObject([
      {
        model: 'only',
        state: 'ready',
        contextWindow: 2048,
        contextSource: 'loaded',
        aliases: ['other'],
        capabilities: ['audio', 'function_calling'],
        modalities: { input: ['text', 'audio'], output: ['text'] },
      },
    ]);
    expect(await running()).toEqual([{ model: 'only', state: 'ready' }]);
    expect(new Set(host.requests)).toEqual(new Set(['/v1/models', '/props']));
  });

  it('needs no load, and cannot unload', async () => {
    const { load, unload, post } = await startOdd('llama-server', ALONE);
    expect((await load('a/other')).status).toBe(200);
    expect(await load('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    const refused = { status: 409, code: 'unsupported_by_provider' };
    expect(await unload('a/only')).toMatchObject(refused);
    expect((await post('/api/providers/a/unload')).message).toBe(
      'The llama-server of a serves a single model and cannot unload it: start it without a model, in router mode.',
    );
  });

  it('is stopped while it sleeps', async () => {
    const props = { ...ALONE['/props'], is_sleeping: true };
    const { models } = await startOdd('llama-server', { ...ALONE, '/props': props });
    expect(await models('state')).toEqual([['stopped']]);
  });

  it('is listed without what an old release does not report', async () => {
    const list = { '/v1/models': { data: [{ id: 'only' }] } };
    const { models } = await startOdd('llama-server', list);
    expect(await models('model', 'state', 'contextWindow')).toEqual([['only', 'ready', null]]);
  });
});

describe('a llama-server with an odd answer', () => {
  it.each([
    ['HTML', text('<h1>hello</h1>'), 'invalid', 'invalid_response'],
    ['another object', { models: 3 }, 'invalid', 'invalid_response'],
    ['401', json({ error: {} }, 401), 'unauthorized', 'unauthorized'],
    [
      '503 while it loads',
      json({ error: { message: 'Loading model' } }, 503),
      'offline',
      'provider_unreachable',
    ],
  ])('is not online with %s', async (_, answer, status, code) => {
    const { group, load, unload } = await startOdd('llama-server', { '/v1/models': answer });
    expect(await group()).toMatchObject({ status, error: { code }, models: [] });
    expect([(await load('a/m')).status, (await unload('a/m')).status]).toEqual([502, 502]);
  });

  it('keeps the models that it can read', async () => {
    const data = [
      null,
      7,
      'x',
      { id: 5 },
      { id: '' },
      { id: 'a\u0000b' },
      { id: 'ok', status: 3 },
      { id: 'ok', status: {} },
    ];
    const { models } = await startOdd('llama-server', { '/v1/models': { object: 'list', data } });
    expect(await models('model', 'state')).toEqual([['ok', 'ready']]);
  });

  it('may list 10,001 models', async () => {
    const data = Array.from({ length: 10_001 }, (_, at) => ({
      id: `m${at}`,
      status: { value: 'loaded' },
    }));
    const { group } = await startOdd('llama-server', { '/v1/models': { object: 'list', data } });
    const { models, error } = await group();
    expect([models.length, models[9999].state, error.code]).toEqual([
      10_000,
      'ready',
      'too_many_models',
    ]);
  });
});

it('an openai provider that is a llama-server is named, with the better scheme', async () => {
  const { findings } = await startOdd('openai', ALONE);
  expect(await findings()).toEqual([
    [
      'note',
      'better_kind',
      'a is llama-server: write llama-server:// instead of openai:// in PROVIDERS, with its port. Paddock then also shows which of its models are loaded.',
    ],
  ]);
});

it('asks no other server for its properties, because another gateway could load a model for them', async () => {
  const list = { object: 'list', data: [{ id: 'm', owned_by: 'other' }] };
  for (const scheme of ['openai', 'llama-server']) {
    const { host, findings, group } = await startOdd(scheme, { '/v1/models': list });
    await group();
    await findings();
    expect(host.requests).not.toContain('/props');
  }
});

it('a llama-swap provider that is a llama-server is named too', async () => {
  const { findings } = await startOdd('llama-swap', ALONE);
  expect(await findings()).toEqual([
    [
      'fault',
      'not_llama_swap',
      expect.stringContaining('or write llama-server:// instead of llama-swap://.'),
    ],
  ]);
});
