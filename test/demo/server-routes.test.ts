import { describe, expect, test } from 'vitest';
import { chat, readJson, send, startHost } from './host-fixture.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const form = (fields: Record<string, string | Blob>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
};
const file = new Blob([new Uint8Array(2000)]);

const jsonRows: [path: string, body: object][] = [
  ['/v1/chat/completions', { messages }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/completions', { prompt: 'Hi' }],
  ['/v1/messages', { messages, max_tokens: 100 }],
  ['/v1/messages/count_tokens', { messages }],
  ['/v1/embeddings', { input: 'Hi' }],
  ['/v1/rerank', { query: 'Hi', documents: ['a', 'b'] }],
  ['/v1/reranking', { query: 'Hi', documents: ['a', 'b'] }],
  ['/rerank', { query: 'Hi', documents: ['a', 'b'] }],
  ['/reranking', { query: 'Hi', documents: ['a', 'b'] }],
  ['/infill', { input_prefix: 'Hi', input_suffix: '' }],
  ['/completion', { prompt: 'Hi' }],
  ['/v1/audio/speech', { input: 'Hi', voice: 'alba' }],
  ['/v1/audio/voices', { name: 'mine' }],
  ['/v1/images/generations', { prompt: 'Hi' }],
  ['/sdapi/v1/txt2img', { prompt: 'Hi' }],
  ['/sdapi/v1/img2img', { prompt: 'Hi', init_images: ['aGk='] }],
  ['/audioapi/v1/tasks/run', { task: 'vad' }],
];

describe('a request starts its model', () => {
  test.each(jsonRows)('at POST %s with JSON', async (path, body) => {
    const host = await startHost();
    const response = await send(host.url + path, { model: 'tiny', ...body });
    expect(response.status).toBe(200);
    expect([...host.counts.loads]).toEqual([['small', 1]]);
    expect(host.counts.requests.get(`POST ${path}`)).toBe(1);
    expect((await send(host.url + path, body)).status).toBe(404);
  });

  test.each(['/v1/audio/transcriptions', '/v1/images/edits'])(
    'at POST %s with a form, for any position of the model field',
    async (path) => {
      const host = await startHost();
      const fields = { file, image: file, prompt: 'Hi' };
      for (const body of [
        form({ model: 'small', ...fields }),
        form({ ...fields, model: 'small' }),
      ]) {
        expect((await fetch(host.url + path, { method: 'POST', body })).status).toBe(200);
      }
      expect([...host.counts.loads]).toEqual([['small', 1]]);
    },
  );

  test.each(['/v1/audio/voices', '/sdapi/v1/loras', '/props'])(
    'at GET %s with the model in the query',
    async (path) => {
      const host = await startHost();
      expect((await fetch(`${host.url}${path}?model=vendor/big:q4`)).status).toBe(200);
      expect([...host.counts.loads]).toEqual([['vendor/big:q4', 1]]);
      expect((await fetch(host.url + path)).status).toBe(404);
    },
  );

  test('below /upstream at the same paths, with no model in the body', async () => {
    const host = await startHost();
    const response = await send(`${host.url}/upstream/small/v1/embeddings`, { input: 'Hi' });
    expect(await response.json()).toMatchObject({ model: 'small', object: 'list' });
    expect((await send(`${host.url}/upstream/small/v1/tasks/run`, {})).status).toBe(200);
    const unserved = await send(`${host.url}/upstream/small/audioapi/v1/tasks/run`, {});
    expect(unserved.status).toBe(404);
    expect(await unserved.json()).toMatchObject({ error: { type: 'not_found_error' } });
  });
});

describe('the model of a POST', () => {
  const chatBody = JSON.stringify({ model: 'small', messages });
  const urlencoded = 'application/x-www-form-urlencoded';
  const rows: {
    what: string;
    body: RequestInit['body'];
    type?: string;
    query?: string;
    status: number;
  }[] = [
    { what: 'JSON', body: chatBody, type: 'application/json; charset=utf-8', status: 200 },
    { what: 'JSON with the type text/plain', body: chatBody, type: 'text/plain', status: 404 },
    { what: 'JSON with the model in the query alone', ...jsonOf({ messages }), status: 404 },
    { what: 'broken JSON', body: '{"model":"small"', type: 'application/json', status: 404 },
    // The router finds the model, but its server refuses a form.
    { what: 'a form', body: form({ model: 'small' }), status: 400 },
    { what: 'a form in the url encoding', body: 'model=small', type: urlencoded, status: 400 },
    { what: 'a query and no type', body: new Uint8Array(2), query: '?model=small', status: 400 },
    { what: 'an empty name', body: form({ model: '' }), status: 404 },
    {
      what: 'a form that breaks off',
      body: '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nsmall\r\n',
      type: 'multipart/form-data; boundary=b',
      status: 404,
    },
  ];
  test.each(rows)('in $what gets $status', async ({ body, type, query, status }) => {
    const host = await startHost();
    const url = `${host.url}/v1/chat/completions${query ?? ''}`;
    const headers = type === undefined ? {} : { 'content-type': type };
    const response = await fetch(url, { method: 'POST', body, headers });
    expect(response.status).toBe(status);
    expect(host.counts.loads.size).toBe(status === 404 ? 0 : 1);
    if (status !== 404) return;
    expect(await response.json()).toMatchObject({
      error: { message: 'no model id could be identified' },
    });
  });

  function jsonOf(body: object) {
    return { body: JSON.stringify(body), type: 'application/json', query: '?model=small' };
  }
});

describe('a client that leaves', () => {
  const rows: { what: string; path: string; body: object }[] = [
    { what: 'a chat', path: '/v1/chat/completions', body: { messages } },
    { what: 'an image request', path: '/v1/images/generations', body: { prompt: 'Hi', n: 10 } },
    { what: 'a streamed chat', path: '/v1/chat/completions', body: { messages, stream: true } },
  ];
  test.each(rows)('during $what frees the model', async ({ path, body }) => {
    const host = await startHost({ loaded: 'small', tokensPerSecond: 1, concurrencyLimit: 1 });
    const leaver = new AbortController();
    const sent = send(host.url + path, { model: 'small', ...body }, { signal: leaver.signal });
    const left = sent.then((response) => response.text()).catch(() => 'left');
    const count = (model: string) =>
      send(`${host.url}/v1/messages/count_tokens`, { model, messages });
    await expect.poll(async () => (await count('small')).status).toBe(429);
    leaver.abort();
    expect(await left).toBe('left');
    expect((await count('eye')).status).toBe(200);
  });
});

describe('a release before v250', () => {
  test('sends errors as strings, and has capabilities but no statuses', async () => {
    const host = await startHost({ release: 'v230', loaded: 'small' });
    const refused = await chat(host.url, { model: 'missing' });
    expect(refused.status).toBe(404);
    expect(await refused.json()).toEqual({
      src: 'llama-swap',
      error: 'no router for requested model',
    });
    const list = await readJson(fetch(`${host.url}/v1/models`));
    const small = list.data.find(({ id }: { id: string }) => id === 'small');
    expect(small).not.toHaveProperty('status');
    expect(small).toMatchObject({ context_length: 4096 });
    expect(small).not.toHaveProperty('meta');
    expect(await readJson(fetch(`${host.url}/api/version`))).toMatchObject({ version: '230' });
    expect((await fetch(`${host.url}/running`)).status).toBe(200);
    for (const path of ['/models', '/props?model=small']) {
      expect((await fetch(host.url + path)).status).toBe(404);
    }
  });
});
