import { text as readText } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { json, startHost, text, whileTesting } from '../hosts.ts';
import { makeProviderApp, startOdd } from './fleet-app.ts';

/** The answer of LM Studio to a route that its release does not have. */
const UNKNOWN = json({ error: 'Unexpected endpoint or method. (GET /api/v1/models)' });

const MODELS = [
  {
    type: 'llm',
    key: 'qwen/qwen3-vl-4b',
    display_name: 'Qwen3 VL 4B',
    max_context_length: 262_144,
    capabilities: { vision: true, trained_for_tool_use: true },
    description: 'Sees',
  },
  { type: 'llm', key: 'gemma', display_name: 'Gemma', max_context_length: 8192, capabilities: {} },
  { type: 'embedding', key: 'nomic', display_name: 'Nomic', max_context_length: 2048 },
];

/** A simulated LM Studio 0.4. Each load makes another instance. */
async function startLmStudio(loaded: Record<string, { id: string; size: number }[]> = {}) {
  const instances = new Map(Object.entries(loaded));
  const sent: [string, any][] = [];
  const change =
    (reply: (body: any) => object | null) =>
    async (request: IncomingMessage, response: ServerResponse) => {
      const body = JSON.parse(await readText(request));
      sent.push([request.url ?? '', body]);
      const value = reply(body);
      json(value ?? { error: { message: 'not found' } }, value === null ? 404 : 200)(
        request,
        response,
      );
    };
  const host = await whileTesting(
    startHost({
      '/api/v1/models': (request, response) => {
        const models = MODELS.map((model) => ({
          ...model,
          loaded_instances: (instances.get(model.key) ?? []).map(({ id, size }) => ({
            id,
            config: { context_length: size },
          })),
        }));
        json({ models })(request, response);
      },
      '/v1/models': json({ object: 'list', data: MODELS.map(({ key }) => ({ id: key })) }),
      '/api/v1/models/load': change(({ model }) => {
        const own = instances.get(model) ?? [];
        instances.set(model, [...own, { id: own.length === 0 ? model : `${model}:2`, size: 4096 }]);
        return { type: 'llm', instance_id: model, status: 'loaded', load_time_seconds: 0.1 };
      }),
      '/api/v1/models/unload': change(({ instance_id: id }) => {
        for (const [key, own] of instances)
          instances.set(
            key,
            own.filter((one) => one.id !== id),
          );
        return { instance_id: id };
      }),
    }),
  );
  return { host, sent, ...makeProviderApp(`lmstudio://127.0.0.1:${host.port}?timeout=5000`) };
}

describe('an LM Studio', () => {
  it('is listed with states, capabilities and windows', async () => {
    const { group, models, host } = await startLmStudio({
      gemma: [
        { id: 'gemma', size: 8192 },
        { id: 'gemma:2', size: 4096 },
      ],
    });
    expect(await group()).toMatchObject({
      kind: 'lmstudio',
      status: 'online',
      can: { running: true, load: true, unload: true, upstream: false, logs: false },
    });
    expect(await models('model', 'name', 'state', 'contextWindow', 'contextSource')).toEqual([
      ['gemma', 'Gemma', 'ready', 4096, 'loaded'],
      ['nomic', 'Nomic', 'stopped', 2048, 'supported'],
      ['qwen/qwen3-vl-4b', 'Qwen3 VL 4B', 'stopped', 262_144, 'supported'],
    ]);
    expect(await models('capabilities', 'aliases', 'description')).toEqual([
      [[], ['gemma:2'], null],
      [['embedding'], [], null],
      [['function_calling', 'vision'], [], 'Sees'],
    ]);
    expect(new Set(host.requests)).toEqual(new Set(['/api/v1/models']));
  });

  it('loads a model once, and unloads each instance of it', async () => {
    const { load, unload, running, sent } = await startLmStudio();
    expect(await load('a/qwen/qwen3-vl-4b')).toMatchObject({ status: 200 });
    expect(await load('a/qwen/qwen3-vl-4b')).toMatchObject({ status: 200 });
    expect(await running()).toEqual([
      {
        model: 'qwen/qwen3-vl-4b',
        state: 'ready',
        name: 'Qwen3 VL 4B',
        instances: ['qwen/qwen3-vl-4b'],
      },
    ]);
    expect(sent).toEqual([['/api/v1/models/load', { model: 'qwen/qwen3-vl-4b' }]]);
    expect((await unload('a/qwen/qwen3-vl-4b')).status).toBe(200);
    expect(await running()).toEqual([]);
  });

  it('knows a model by the name of its instance, and unloads all', async () => {
    const { load, post, running, sent } = await startLmStudio({
      gemma: [
        { id: 'mine', size: 1 },
        { id: 'gemma:2', size: 2 },
      ],
      nomic: [{ id: 'nomic', size: 3 }],
    });
    expect((await load('a/mine')).status).toBe(200);
    expect((await post('/api/providers/a/unload')).status).toBe(200);
    expect(sent.map(([path, { instance_id: id }]) => [path, id])).toEqual([
      ['/api/v1/models/unload', 'mine'],
      ['/api/v1/models/unload', 'gemma:2'],
      ['/api/v1/models/unload', 'nomic'],
    ]);
    expect(await running()).toEqual([]);
  });

  it('answers 404 for an unknown model', async () => {
    const { load, unload } = await startLmStudio();
    expect(await load('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await unload('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('has no faults, and is recognized behind openai', async () => {
    const { host, findings } = await startLmStudio();
    expect(await findings()).toEqual([]);
    const plain = makeProviderApp(`openai://127.0.0.1:${host.port}`);
    expect(await plain.findings()).toEqual([
      ['note', 'better_kind', expect.stringMatching(/^a is lmstudio: write lmstudio:\/\/ instead/)],
    ]);
  });
});

const OLD = {
  '/api/v1/models': UNKNOWN,
  '/api/v0/models': {
    object: 'list',
    data: [
      {
        id: 'vl',
        type: 'vlm',
        state: 'loaded',
        max_context_length: 32_768,
        loaded_context_length: 4096,
      },
      {
        id: 'llm',
        type: 'llm',
        state: 'not-loaded',
        max_context_length: 8192,
        capabilities: ['tool_use'],
      },
      { id: 'embed', type: 'embeddings', state: 'not-loaded', max_context_length: 2048 },
    ],
  },
};

describe('an LM Studio before 0.4', () => {
  it('is listed with states, and cannot load and unload', async () => {
    const { group, models, load, unload } = await startOdd('lmstudio', OLD);
    expect((await group()).can).toEqual({
      running: true,
      load: false,
      unload: false,
      upstream: false,
      logs: false,
    });
    expect(await models('model', 'state', 'contextWindow', 'capabilities')).toEqual([
      ['embed', 'stopped', 2048, ['embedding']],
      ['llm', 'stopped', 8192, ['function_calling']],
      ['vl', 'ready', 4096, ['vision']],
    ]);
    expect(await unload('a/vl')).toMatchObject({ status: 409, code: 'unsupported_by_provider' });
    expect((await load('a/llm')).message).toBe(
      'The lmstudio of a is too old to load and unload models on request: update it to 0.4 or later.',
    );
  });

  it('is listed by OpenAI’s API before 0.3.6', async () => {
    const { group, models } = await startOdd('lmstudio', {
      '/api/v1/models': UNKNOWN,
      '/api/v0/models': UNKNOWN,
      '/v1/models': { object: 'list', data: [{ id: 'm' }] },
    });
    expect(await group()).toMatchObject({ status: 'online', can: { load: false } });
    expect(await models('model', 'state')).toEqual([['m', 'unknown']]);
  });
});

describe('an LM Studio with an odd answer', () => {
  it.each([
    ['HTML', text('<h1>hello</h1>'), 'invalid'],
    ['401', json({ error: 'unauthorized' }, 401), 'unauthorized'],
    ['500', json({}, 500), 'invalid'],
  ])('is not online with %s', async (_, answer, status) => {
    const answers = { '/api/v1/models': answer, '/api/v0/models': answer, '/v1/models': answer };
    const { group, load, unload } = await startOdd('lmstudio', answers);
    expect(await group()).toMatchObject({ status, models: [] });
    expect([(await load('a/m')).status, (await unload('a/m')).status]).toEqual([502, 502]);
  });

  it('keeps the models that it can read', async () => {
    const entry = (fields: object) => ({ loaded_instances: [], ...fields });
    const list = [
      entry({}),
      entry({ key: 7 }),
      entry({ key: '' }),
      entry({ key: 'ok', loaded_instances: [null, 3, { id: 'x' }] }),
    ];
    const { models } = await startOdd('lmstudio', { '/api/v1/models': { models: list } });
    expect(await models('model', 'name', 'state', 'aliases')).toEqual([
      ['ok', 'ok', 'ready', ['x']],
    ]);
  });

  it('answers an error when a load fails', async () => {
    const model = { key: 'm', loaded_instances: [] };
    const { load } = await startOdd('lmstudio', {
      '/api/v1/models': { models: [model] },
      '/api/v1/models/load': json({ error: { message: 'at /Users/x: out of memory' } }, 500),
    });
    const { status, message } = await load('a/m');
    expect([status, message]).toEqual([
      502,
      expect.stringMatching(/^a did not load "m" \(HTTP 500\): .* its log/),
    ]);
    expect(message).not.toContain('Users');
  });
});
