import { text as readText } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { json, text, whileTesting, startHost } from '../hosts.ts';
import { makeProviderApp, startOdd } from './fleet-app.ts';

interface Model {
  readonly name: string;
  readonly digest?: string;
  readonly capabilities?: readonly string[];
  readonly details?: object;
  readonly remote_host?: string;
}

const MODELS: readonly Model[] = [
  {
    name: 'qwen3:8b',
    digest: 'd1',
    capabilities: ['completion', 'tools', 'thinking', 'vision'],
    details: { context_length: 40_960 },
  },
  { name: 'nomic-embed-text:latest', digest: 'd2', capabilities: ['embedding'] },
  {
    name: 'gpt-oss:120b-cloud',
    remote_host: 'https://ollama.com:443',
    capabilities: ['completion'],
  },
];

/** A simulated Ollama. Models load in an instant; a busy model stays loaded for some questions after its unload. */
async function startOllama({
  models = MODELS,
  shown = {} as Record<string, unknown>,
  busyFor = 0,
} = {}) {
  const loaded = new Map<string, number>();
  const sent: [string, any][] = [];
  const find = (name: string) => models.find((one) => [name, `${name}:latest`].includes(one.name));
  const answer =
    (reply: (model: Model, body: any) => object) =>
    async (request: IncomingMessage, response: ServerResponse) => {
      const body = JSON.parse(await readText(request));
      sent.push([request.url ?? '', body]);
      const model = find(body.model);
      const missing = { error: `model '${body.model}' not found` };
      const [status, value] = model === undefined ? [404, missing] : toAnswer(reply(model, body));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
  const leaving = new Map<string, number>();
  const host = await whileTesting(
    startHost({
      '/api/version': json({ version: '0.14.2' }),
      '/api/tags': (request, response) => json({ models })(request, response),
      '/api/ps': (request, response) => {
        for (const [name, left] of leaving) {
          if (left === 0) loaded.delete(name);
          leaving.set(name, left - 1);
        }
        const running = [...loaded].map(([name, size]) => ({
          name,
          model: name,
          context_length: size,
        }));
        json({ models: running })(request, response);
      },
      '/v1/models': (request, response) => {
        json({ object: 'list', data: models.map(({ name }) => ({ id: name })) })(request, response);
      },
      '/api/show': answer(({ name }) => Object(shown[name])),
      '/api/generate': answer(({ name, capabilities = ['completion'] }, body) => {
        if (body.keep_alive === 0) {
          leaving.set(name, busyFor);
          return { done: true, done_reason: 'unload' };
        }
        if (!capabilities.includes('completion'))
          return { status: 400, error: 'does not support generate' };
        loaded.set(name, 4096);
        return { done: true, done_reason: 'load' };
      }),
      '/api/embed': answer(({ name }) => {
        loaded.set(name, 2048);
        return { embeddings: [] };
      }),
    }),
  );
  const app = makeProviderApp(`ollama://127.0.0.1:${host.port}?timeout=5000`);
  return { host, loaded, sent, ...app };
}

function toAnswer({ status = 200, ...value }: any): [number, object] {
  return [status, value];
}

describe('an Ollama', () => {
  it('is listed with states, capabilities and windows, and loads nothing for it', async () => {
    const { loaded, group, models, host } = await startOllama();
    loaded.set('nomic-embed-text:latest', 2048);
    expect(await group()).toMatchObject({
      kind: 'ollama',
      status: 'online',
      can: { running: true, load: true, unload: true, upstream: false, logs: false },
    });
    expect(await models('model', 'kind', 'state', 'contextWindow', 'contextSource')).toEqual([
      ['gpt-oss:120b-cloud', 'peer', 'unknown', null, 'unknown'],
      ['nomic-embed-text:latest', 'model', 'ready', 2048, 'loaded'],
      ['qwen3:8b', 'model', 'stopped', 40_960, 'supported'],
    ]);
    expect(await models('capabilities', 'aliases', 'peer')).toEqual([
      [[], [], 'ollama.com'],
      [['embedding'], ['nomic-embed-text'], null],
      [['function_calling', 'reasoning', 'vision'], [], null],
    ]);
    expect(new Set(host.requests)).toEqual(new Set(['/api/tags', '/api/ps']));
    expect(loaded.size).toBe(1);
  });

  it('remembers the window of a model after an unload', async () => {
    const { load, unload, models } = await startOllama();
    expect((await load('a/qwen3:8b')).status).toBe(200);
    expect((await models('contextWindow', 'contextSource'))[2]).toEqual([4096, 'loaded']);
    await unload('a/qwen3:8b');
    expect((await models('contextWindow', 'contextSource'))[2]).toEqual([4096, 'learned']);
  });

  it('loads without a prompt, an embedding model too', async () => {
    const { load, running, sent } = await startOllama();
    expect(await load('a/qwen3:8b')).toMatchObject({ status: 200, body: { model: 'qwen3:8b' } });
    expect(await load('a/nomic-embed-text')).toMatchObject({ status: 200 });
    expect(await running()).toEqual([
      { model: 'qwen3:8b', state: 'ready', context_length: 4096 },
      { model: 'nomic-embed-text:latest', state: 'ready', context_length: 2048 },
    ]);
    expect(sent).toEqual([
      ['/api/generate', { model: 'qwen3:8b', stream: false }],
      ['/api/generate', { model: 'nomic-embed-text', stream: false }],
      ['/api/embed', { model: 'nomic-embed-text' }],
    ]);
  });

  it('unloads one model by its short name, or all, and waits until they have gone', async () => {
    const { loaded, unload, post } = await startOllama({ busyFor: 2 });
    loaded.set('qwen3:8b', 1).set('nomic-embed-text:latest', 1);
    expect((await unload('a/nomic-embed-text')).status).toBe(200);
    expect([...loaded.keys()]).toEqual(['qwen3:8b']);
    expect((await post('/api/providers/a/unload')).status).toBe(200);
    expect([...loaded.keys()]).toEqual([]);
    expect((await post('/api/providers/a/unload')).status).toBe(200);
  });

  it('answers 404 for an unknown model, and refuses to load one of its cloud', async () => {
    const { load, unload, models } = await startOllama();
    await models('id');
    expect(await load('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await unload('a/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await load('a/gpt-oss:120b-cloud')).toMatchObject({ status: 409 });
  });

  it('has no faults, and names its release', async () => {
    const { app, findings } = await startOllama();
    expect(await findings()).toEqual([]);
    expect((await app.read('/api/doctor')).hosts[0].release).toBe('0.14.2');
  });
});

describe('an Ollama whose list has no capabilities', () => {
  const shown = {
    'old:1b': {
      capabilities: ['completion', 'vision'],
      model_info: { 'general.architecture': 'llama', 'llama.context_length': 131_072 },
    },
    'bare:1b': {},
  };
  const models = [
    { name: 'old:1b', digest: 'a' },
    { name: 'bare:1b', digest: 'b' },
    { name: 'gone:1b', digest: 'c' },
  ];

  it('is asked about each model once', async () => {
    const { models: read, sent } = await startOllama({ models, shown });
    const expected = [
      ['bare:1b', [], null],
      ['gone:1b', [], null],
      ['old:1b', ['vision'], 131_072],
    ];
    for (let round = 0; round < 3; round += 1) {
      expect(await read('model', 'capabilities', 'contextWindow')).toEqual(expected);
    }
    expect(sent.map(([path, { model }]) => [path, model]).toSorted()).toEqual([
      ['/api/show', 'bare:1b'],
      ['/api/show', 'gone:1b'],
      ['/api/show', 'old:1b'],
    ]);
  });

  it('is asked about a few models at a time, and about the others later', async () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ name: `m${at}:1b`, digest: `d${at}` }));
    const { models: read, sent } = await startOllama({ models: many });
    expect(await read('id')).toHaveLength(20);
    expect(sent).toHaveLength(16);
    await read('id');
    expect(sent).toHaveLength(20);
  });
});

describe('an Ollama with an odd answer', () => {
  it.each([
    ['HTML', text('<h1>hello</h1>'), 'invalid'],
    ['another object', { data: [] }, 'invalid'],
    ['401', json({ error: 'unauthorized' }, 401), 'unauthorized'],
    ['404', json({}, 404), 'invalid'],
  ])('is not online with %s', async (_, answer, status) => {
    const answers = { '/api/tags': answer, '/api/ps': answer, '/api/generate': answer };
    const { group, load, unload } = await startOdd('ollama', answers);
    expect(await group()).toMatchObject({ status, models: [] });
    for (const { status: code } of [await load('a/m'), await unload('a/m')]) {
      expect([200, 404, 409, 502]).toContain(code);
    }
  });

  it('keeps the models that it can read', async () => {
    const list = [
      null,
      7,
      { name: 5 },
      { name: '' },
      { name: 'a\u0000b' },
      { name: 'ok', details: 3, digest: {} },
    ];
    const { models, running } = await startOdd('ollama', {
      '/api/tags': { models: list },
      '/api/ps': { models: [...list, { name: 'ok', context_length: -1 }] },
    });
    expect(await models('model', 'state', 'contextWindow')).toEqual([['ok', 'ready', null]]);
    expect(await running()).toContainEqual({ model: 'ok', state: 'ready' });
  });

  it('is online with nothing pulled', async () => {
    const { group } = await startOdd('ollama', {
      '/api/tags': { models: null },
      '/api/ps': { models: null },
    });
    expect(await group()).toMatchObject({ status: 'online', models: [] });
  });

  it('shows unknown states without a list of loaded models', async () => {
    const { models } = await startOdd('ollama', { '/api/tags': { models: MODELS } });
    expect(await models('state')).toEqual([['unknown'], ['unknown'], ['unknown']]);
  });

  it('may list 10,001 models', async () => {
    const list = Array.from({ length: 10_001 }, (_, at) => ({
      name: `m${at}`,
      capabilities: ['tools'],
    }));
    const { group } = await startOdd('ollama', {
      '/api/tags': { models: list },
      '/api/ps': { models: [] },
    });
    const { models, error } = await group();
    expect([models.length, error.code]).toEqual([10_000, 'too_many_models']);
  });
});

it('an openai provider that is an Ollama is named, with the better scheme', async () => {
  const { host } = await startOllama();
  const { findings } = makeProviderApp(`openai://127.0.0.1:${host.port}`);
  expect(await findings()).toEqual([
    [
      'note',
      'better_kind',
      expect.stringMatching(/^a is ollama: write ollama:\/\/ instead of openai:\/\//),
    ],
  ]);
});
