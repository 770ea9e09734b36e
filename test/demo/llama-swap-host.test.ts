import { describe, expect, test } from 'vitest';
import { chat, getJson, startHost, states, until } from './host-fixture.ts';
import type { ModelsBody } from './host-fixture.ts';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const post = (url: string) => fetch(url, { method: 'POST' });

describe('the models list', () => {
  test('has the fields of a current release and is sorted by id', async () => {
    const host = await startHost({ loaded: 'small' });
    const list = await getJson<ModelsBody>(`${host.url}/v1/models`);
    expect(list.object).toBe('list');
    const ids = list.data.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).not.toContain('hidden');
    expect(list.data.find(({ id }) => id === 'small')).toEqual({
      id: 'small',
      object: 'model',
      created: expect.closeTo(Date.now() / 1000, -1),
      owned_by: 'llama-swap',
      name: 'Small',
      context_length: 4096,
      meta: { n_ctx: 4096, llamaswap: { type: 'model', aliases: ['tiny'] } },
      status: { value: 'loaded' },
    });
    expect(list.data.find(({ id }) => id === 'eye')).toMatchObject({
      capabilities: { vision: true, function_calling: true },
      supported_parameters: ['tools', 'tool_choice'],
      architecture: { modality: 'text+image->text' },
      meta: { llamaswap: { type: 'model' } },
      status: { value: 'unloaded' },
    });
    expect(list.data.find(({ id }) => id === 'friend/far')).toMatchObject({
      name: 'friend: friend/far',
      meta: { llamaswap: { type: 'peer', peerID: 'friend' } },
      status: { value: 'unloaded' },
    });
    expect(await getJson(`${host.url}/models`)).toMatchObject({ object: 'list' });
  });

  test('loads no model, as other reading routes do', async () => {
    const host = await startHost();
    for (const path of ['/v1/models', '/running', '/api/version', '/health', '/']) {
      await fetch(host.url + path);
    }
    expect(host.counts.loads.size).toBe(0);
    expect(host.counts.requests.get('GET /v1/models')).toBe(1);
  });
});

describe('errors', () => {
  const rows = [
    { what: 'an unknown model', body: { model: 'missing' }, message: /no router/ },
    { what: 'no model', body: {}, message: /no model id/ },
  ];
  test.each(rows)('$what is a 404 in the shape of a current release', async ({ body, message }) => {
    const host = await startHost();
    const response = await chat(host.url, body);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      src: 'llama-swap',
      error: {
        message: expect.stringMatching(message),
        type: 'invalid_request_error',
        param: null,
        code: 'not_found',
      },
    });
  });

  test.each(['text/plain', 'text/html'])('take the form of Accept: %s', async (accept) => {
    const host = await startHost();
    const headers = { 'content-type': 'application/json', accept };
    const response = await chat(host.url, { model: 'missing' }, { headers });
    expect(response.headers.get('content-type')).toBe(accept);
    expect(await response.text()).toContain('llama-swap');
  });
});

describe('a key', () => {
  const rows: { what: string; headers: Record<string, string>; status: number }[] = [
    { what: 'a Basic password', headers: { authorization: basic('any:s3cret') }, status: 200 },
    { what: 'a Bearer token', headers: { authorization: 'Bearer s3cret' }, status: 200 },
    { what: 'x-api-key', headers: { 'x-api-key': 's3cret' }, status: 200 },
    { what: 'no key', headers: {}, status: 401 },
    { what: 'a wrong token', headers: { authorization: 'Bearer nope' }, status: 401 },
    {
      what: 'a wrong token before a right x-api-key',
      headers: { authorization: 'Bearer nope', 'x-api-key': 's3cret' },
      status: 401,
    },
  ];
  test.each(rows)('sent as $what gets $status', async ({ headers, status }) => {
    const host = await startHost({ apiKey: 's3cret' });
    const response = await fetch(`${host.url}/v1/models`, { headers });
    expect(response.status).toBe(status);
    if (status === 200) return;
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic/);
    expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
  });

  test('is not required at /health and /', async () => {
    const host = await startHost({ apiKey: 's3cret' });
    expect((await fetch(`${host.url}/health`)).status).toBe(200);
    expect((await fetch(`${host.url}/`)).status).toBe(200);
  });
});

describe('unloading', () => {
  test.each([
    { form: 'POST', path: '/api/models/unload', answer: '{"msg":"ok"}' },
    { form: 'GET', path: '/unload', answer: 'OK' },
  ])('$form $path stops all models', async ({ form, path, answer }) => {
    const host = await startHost({ loaded: 'small' });
    const response = await fetch(host.url + path, { method: form });
    expect(await response.text()).toBe(answer);
    expect(host.running()).toEqual([]);
  });

  test.each(['vendor/big:q4', 'vendor%2Fbig%3Aq4'])(
    'accepts an ID with a slash: %s',
    async (id) => {
      const host = await startHost({ loaded: 'vendor/big:q4' });
      const response = await post(`${host.url}/api/models/unload/${id}`);
      expect(await response.text()).toBe('OK');
      expect(host.running()).toEqual([]);
    },
  );

  test('accepts an alias, and stops no other model', async () => {
    const host = await startHost({ loaded: 'small' });
    expect((await post(`${host.url}/api/models/unload/eye`)).status).toBe(200);
    expect(states(host)).toEqual([['small', 'ready']]);
    await post(`${host.url}/api/models/unload/tiny`);
    expect(host.running()).toEqual([]);
  });

  test.each(['missing', 'friend/far'])('answers 404 for %s', async (id) => {
    const host = await startHost();
    expect((await post(`${host.url}/api/models/unload/${id}`)).status).toBe(404);
  });

  test('during a start cancels the start and fails the waiting requests', async () => {
    const host = await startHost();
    const waiting = chat(host.url, { model: 'small' });
    await until(() => states(host).some(([, state]) => state === 'starting'));
    await post(`${host.url}/api/models/unload/small`);
    expect((await waiting).status).toBe(500);
    expect(host.running()).toEqual([]);
    expect((await chat(host.url, { model: 'small' })).status).toBe(200);
    expect(host.counts.loads.get('small')).toBe(2);
  });

  test('cuts off a stream in flight and fails the waiting requests', async () => {
    const host = await startHost({ loaded: 'small', tokensPerSecond: 20 });
    const response = await chat(host.url, { model: 'small', stream: true });
    const waiting = chat(host.url, { model: 'eye' });
    await until(() => host.counts.requests.get('POST /v1/chat/completions') === 2);
    await post(`${host.url}/api/models/unload`);
    await expect(response.text()).rejects.toThrow();
    expect((await waiting).status).toBe(500);
  });
});

describe('an old release', () => {
  test('lists bare records, has only GET /unload, and fails in plain text', async () => {
    const host = await startHost({ release: 'old', loaded: 'small' });
    const { data } = await getJson<ModelsBody>(`${host.url}/v1/models`);
    for (const record of data) {
      const allowed = ['id', 'object', 'created', 'owned_by', 'name', 'description'];
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(record)));
    }
    for (const path of ['/running', '/models', '/props?model=small', '/api/version']) {
      expect((await fetch(host.url + path)).status).toBe(404);
    }
    const unload = await post(`${host.url}/api/models/unload`);
    expect(unload.status).toBe(404);
    const response = await chat(host.url, { model: 'missing' });
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(states(host)).toEqual([['small', 'ready']]);
    expect((await fetch(`${host.url}/unload`)).status).toBe(200);
    expect(host.running()).toEqual([]);
  });
});
