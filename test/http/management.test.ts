import { describe, expect, it, test } from 'vitest';
import { chat, startHost as startSimulated, states, until } from '../demo/host-fixture.ts';
import {
  breakOff,
  findDeadPort,
  hang,
  json,
  startHost as startOddHost,
  text,
  type Host,
  whileTesting,
} from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';

type Answers = Parameters<typeof startOddHost>[0];

/** An upstream with the given answers. */
async function startOdd(answers: Answers): Promise<Host> {
  const host = await whileTesting(startOddHost(answers));
  return host;
}

const post = (body?: unknown): RequestInit =>
  body === undefined ? { method: 'POST' } : { ...put(body), method: 'POST' };

/** An app with a simulated llama-swap `a` of any release, and `b` of kind openai. */
async function setUp(options: Parameters<typeof startSimulated>[0] = {}) {
  const host = await startSimulated({ loaded: 'vendor/big:q4', ...options });
  const key = options.apiKey === undefined ? '' : `${options.apiKey}@`;
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${key}${new URL(host.url).host}?timeout=500 b=openai://127.0.0.1:1`,
    MODEL_ALIASES: 'big=a/vendor/big:q4',
  });
  const send = async (path: string, init?: RequestInit) => {
    const answer = await app.ask(path, init);
    const body = (await answer.json()) as any;
    return { status: answer.status, body, code: body.error?.code, message: body.error?.message };
  };
  return { host, app, send };
}

describe('/api/providers/{name}/running', () => {
  it('answers the upstream’s list without command lines and internal addresses', async () => {
    const { send } = await setUp();
    const { status, body } = await send('/api/providers/a/running');
    expect(status).toBe(200);
    expect(body).toEqual({
      running: [{ model: 'vendor/big:q4', state: 'ready', ttl: 0, name: '', description: '' }],
    });
  });

  it('keeps unknown fields', async () => {
    const entry = { model: 'm', cmd: 'x --key s3cret', proxy: 'http://10.0.0.9', newer: [1] };
    const host = await startOdd({ '/running': json({ running: [entry], total: 1 }) });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect(await app.read('/api/providers/a/running')).toEqual({
      running: [{ model: 'm', newer: [1] }],
      total: 1,
    });
  });

  it.each([
    ['an array', json([]), 502, 'invalid_response'],
    ['HTML', text('<h1>hello</h1>'), 502, 'invalid_response'],
    ['a list of strings', json({ running: ['m'] }), 502, 'invalid_response'],
    ['500', json({ error: 'at http://10.0.0.9 with s3cret' }, 500), 502, 'invalid_response'],
    ['401', text('unauthorized', 'text/plain', 401), 502, 'invalid_response'],
    ['404', text('404 page not found', 'text/plain', 404), 409, 'unsupported_by_provider'],
    ['nothing in time', hang, 504, 'provider_timeout'],
    ['a truncated answer', breakOff, 502, 'provider_unreachable'],
  ])('answers an error when the upstream sends %s', async (_, answer, status, code) => {
    const host = await startOdd({ '/running': answer });
    const app = makeApp({ PROVIDERS: `a=llama-swap://s3cret@127.0.0.1:${host.port}?timeout=300` });
    const reply = await app.ask('/api/providers/a/running');
    const { error, src } = (await reply.json()) as any;
    expect([reply.status, error.code, src]).toEqual([status, code, 'paddock']);
    expect(error.message).toMatch(/^a .*[:;,] .*\.$/);
    expect(error.message).not.toMatch(/s3cret|127\.0\.0\.1|10\.0\.0\.9/);
  });

  it.each([
    ['the provider is unknown', '/api/providers/x/running', 404, 'unknown_provider'],
    ['the provider is of kind openai', '/api/providers/b/running', 409, 'unsupported_by_provider'],
  ])('is refused when %s', async (_, path, status, code) => {
    const { send } = await setUp();
    expect(await send(path)).toMatchObject({ status, code });
  });

  test('answers 502 when the connection is refused', async () => {
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${await findDeadPort()}` });
    const answer = await app.ask('/api/providers/a/running');
    expect([answer.status, await answer.text()]).toEqual([
      502,
      expect.stringContaining('refused the connection'),
    ]);
  });
});

describe('unloading', () => {
  it.each([
    ['by the provider’s own name', '/api/providers/a/unload', { model: 'vendor/big:q4' }],
    ['by a composite ID', '/api/unload', { model: 'a/vendor/big:q4' }],
    ['by a bare ID', '/api/unload', { model: 'vendor/big:q4' }],
    ['by an alias', '/api/unload', { model: 'big' }],
  ])('stops one model %s', async (_, path, body) => {
    const { host, send } = await setUp();
    expect(states(host)).toEqual([['vendor/big:q4', 'ready']]);
    expect(await send(path, post(body))).toMatchObject({
      status: 200,
      body: { provider: 'a', model: 'vendor/big:q4' },
    });
    expect(host.running()).toEqual([]);
    expect([...host.counts.requests.keys()]).toEqual(['POST /api/models/unload/vendor%2Fbig%3Aq4']);
  });

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
  ])('stops all models of a provider with %s', async (_, body) => {
    const { host, send } = await setUp();
    expect(await send('/api/providers/a/unload', post(body))).toMatchObject({
      status: 200,
      body: { provider: 'a', model: null },
    });
    expect(host.running()).toEqual([]);
  });

  it('waits until a slow process has ended', async () => {
    const { host, send } = await setUp({ models: [{ id: 'slow', loadMs: 3000 }], loaded: 'slow' });
    const chatting = chat(host.url, { model: 'slow', stream: true });
    await (await chatting).body?.cancel();
    const startedAt = performance.now();
    expect((await send('/api/unload', post({ model: 'a/slow' }))).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
    await until(() => host.running().length === 0);
  });

  it('sends the provider’s key', async () => {
    const { host, send } = await setUp({ apiKey: 's3cret' });
    expect((await send('/api/unload', post({ model: 'big' }))).status).toBe(200);
    expect(host.running()).toEqual([]);
  });

  it.each([
    ['old', undefined],
    ['v230', undefined],
    ['v230', 'vendor/big:q4'],
  ] as const)('works with release %s (%s)', async (release, model) => {
    const { host, send } = await setUp({ release });
    const body = model === undefined ? {} : { model };
    expect((await send('/api/providers/a/unload', post(body))).status).toBe(200);
    expect(host.running()).toEqual([]);
  });

  it('refuses to stop one model when the release can only stop all', async () => {
    const { host, send } = await setUp({ release: 'old' });
    const answer = await send('/api/unload', post({ model: 'big' }));
    expect(answer).toMatchObject({ status: 409, code: 'unsupported_by_provider' });
    expect(answer.message).toMatch(/too old .* update it .* or unload all its models\./);
    expect(host.running()).toHaveLength(1);
  });

  it.each(['current', 'v230'] as const)(
    'answers 404 for a model that the provider does not have (%s)',
    async (release) => {
      const { host, send } = await setUp({ release });
      expect(await send('/api/unload', post({ model: 'a/nothing' }))).toMatchObject({
        status: 404,
        code: 'not_found',
        message: 'a has no model "nothing" of its own: GET /api/models lists its models.',
      });
      expect((await send('/api/unload', post({ model: 'friend/far' }))).status).toBe(404);
      expect(host.running()).toHaveLength(1);
    },
  );

  it('answers 409 when another web server answers 404', async () => {
    const host = await startOdd({
      '/api/models/unload/m': text('<h1>Not Found</h1>', 'text/html', 404),
    });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const answer = await app.ask('/api/unload', post({ model: 'a/m' }));
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain(
      'the server at its address in PROVIDERS is not llama-swap',
    );
  });

  it('suggests the provider’s own name when a composite ID was sent', async () => {
    const { send } = await setUp();
    const body = post({ model: 'a/vendor/big:q4' });
    expect((await send('/api/providers/a/unload', body)).message).toMatch(
      /Send its own name, "vendor\/big:q4"\.$/,
    );
  });

  it.each([
    ['..', 400],
    ['../unload', 400],
    ['x/../../unload', 400],
    ['%2e%2e', 404],
    ['?', 404],
    ['#', 404],
    ['a\\..\\b', 400],
  ])('of a model named "%s" never becomes another request', async (model, status) => {
    const { host, send } = await setUp();
    expect((await send('/api/providers/a/unload', post({ model }))).status).toBe(status);
    expect(host.running()).toHaveLength(1);
  });

  it.each([
    ['a model that is a number', '/api/providers/a/unload', '{"model":1}', '"model"'],
    ['a model that is null', '/api/providers/a/unload', '{"model":null}', '"model"'],
    ['an empty model', '/api/providers/a/unload', '{"model":""}', 'names the provider'],
    ['a misspelt field', '/api/providers/a/unload', '{"modle":"x"}', 'without other fields'],
    ['a list', '/api/providers/a/unload', '[]', 'expected an object'],
    ['broken JSON', '/api/providers/a/unload', '{', 'not valid JSON'],
    ['no model', '/api/unload', '{}', '"model"'],
    ['a blank model', '/api/unload', '{"model":" "}', 'is empty'],
  ])('is refused with %s, and stops nothing', async (_, path, body, message) => {
    const { host, send } = await setUp();
    const answer = await send(path, post(body));
    expect([answer.status, answer.message]).toEqual([400, expect.stringContaining(message)]);
    expect(host.running()).toHaveLength(1);
  });

  it.each([
    ['without a body', '/api/unload', { method: 'POST' }, 400],
    ['as plain text', '/api/unload', { method: 'POST', body: '{"model":"big"}' }, 400],
    ['as plain text', '/api/providers/a/unload', { method: 'POST', body: '{"model":"x"}' }, 400],
    ['for an unknown provider', '/api/providers/x/unload', { method: 'POST' }, 404],
    ['for a provider of kind openai', '/api/providers/b/unload', { method: 'POST' }, 409],
    ['for a provider of kind openai, by ID', '/api/unload', post({ model: 'b/x' }), 409],
    ['with GET', '/api/providers/a/unload', {}, 405],
    ['with GET, by ID', '/api/unload?model=big', {}, 405],
  ])('is refused %s', async (_, path, init, status) => {
    const { host, send } = await setUp();
    expect((await send(path, init)).status).toBe(status);
    expect(host.running()).toHaveLength(1);
    expect([...host.counts.requests.keys()]).toEqual([]);
  });
});
