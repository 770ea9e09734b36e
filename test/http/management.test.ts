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

/** The port of a host that answers as it is told. */
async function startOdd(answers: Answers): Promise<Host> {
  const host = await whileTesting(startOddHost(answers));
  return host;
}

const post = (body?: unknown): RequestInit =>
  body === undefined ? { method: 'POST' } : { ...put(body), method: 'POST' };

/** An app before a simulated host `a` of some release, and `b`, which is no llama-swap. */
async function setUp(options: Parameters<typeof startSimulated>[0] = {}) {
  const host = await startSimulated({ loaded: 'vendor/big:q4', ...options });
  const key = options.apiKey === undefined ? '' : `${options.apiKey}@`;
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${key}${new URL(host.url).host}?timeout=500 b=openai://127.0.0.1:1`,
    MODEL_ALIASES: 'big=a/vendor/big:q4',
  });
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await app.ask(path, init);
    const body = (await answer.json()) as any;
    return { status: answer.status, body, code: body.error?.code, message: body.error?.message };
  };
  return { host, app, ask };
}

describe('what is running', () => {
  it('is what the host says, without command lines and inner addresses', async () => {
    const { ask } = await setUp();
    const { status, body } = await ask('/api/providers/a/running');
    expect(status).toBe(200);
    expect(body).toEqual({
      running: [{ model: 'vendor/big:q4', state: 'ready', ttl: 0, name: '', description: '' }],
    });
  });

  it('keeps fields that nobody here knows', async () => {
    const entry = { model: 'm', cmd: 'x --key s3cret', proxy: 'http://10.0.0.9', younger: [1] };
    const host = await startOdd({ '/running': json({ running: [entry], total: 1 }) });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect(await app.read('/api/providers/a/running')).toEqual({
      running: [{ model: 'm', younger: [1] }],
      total: 1,
    });
  });

  it.each([
    ['an array', json([]), 502, 'invalid_response'],
    ['HTML', text('<h1>hello</h1>'), 502, 'invalid_response'],
    ['a list of texts', json({ running: ['m'] }), 502, 'invalid_response'],
    ['500', json({ error: 'at http://10.0.0.9 with s3cret' }, 500), 502, 'invalid_response'],
    ['401', text('unauthorized', 'text/plain', 401), 502, 'invalid_response'],
    ['404', text('404 page not found', 'text/plain', 404), 409, 'unsupported_by_provider'],
    ['nothing in time', hang, 504, 'provider_timeout'],
    ['half an answer', breakOff, 502, 'provider_unreachable'],
  ])('is told plainly where the host answers %s', async (_, answer, status, code) => {
    const host = await startOdd({ '/running': answer });
    const app = makeApp({ PROVIDERS: `a=llama-swap://s3cret@127.0.0.1:${host.port}?timeout=300` });
    const reply = await app.ask('/api/providers/a/running');
    const { error, src } = (await reply.json()) as any;
    expect([reply.status, error.code, src]).toEqual([status, code, 'paddock']);
    expect(error.message).toMatch(/^a .*[:;,] .*\.$/);
    expect(error.message).not.toMatch(/s3cret|127\.0\.0\.1|10\.0\.0\.9/);
  });

  it.each([
    ['nobody has that name', '/api/providers/x/running', 404, 'unknown_provider'],
    ['the provider is no llama-swap', '/api/providers/b/running', 409, 'unsupported_by_provider'],
  ])('is refused where %s', async (_, path, status, code) => {
    const { ask } = await setUp();
    expect(await ask(path)).toMatchObject({ status, code });
  });

  test('is 502 where nobody listens', async () => {
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
  ])('stops the one model %s', async (_, path, body) => {
    const { host, ask } = await setUp();
    expect(states(host)).toEqual([['vendor/big:q4', 'ready']]);
    expect(await ask(path, post(body))).toMatchObject({
      status: 200,
      body: { provider: 'a', model: 'vendor/big:q4' },
    });
    expect(host.running()).toEqual([]);
    expect([...host.counts.requests.keys()]).toEqual(['POST /api/models/unload/vendor%2Fbig%3Aq4']);
  });

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
  ])('stops all of a provider with %s', async (_, body) => {
    const { host, ask } = await setUp();
    expect(await ask('/api/providers/a/unload', post(body))).toMatchObject({
      status: 200,
      body: { provider: 'a', model: null },
    });
    expect(host.running()).toEqual([]);
  });

  it('waits for the end of a process that takes its time, and kills what was in flight', async () => {
    const { host, ask } = await setUp({ models: [{ id: 'slow', loadMs: 3000 }], loaded: 'slow' });
    const talking = chat(host.url, { model: 'slow', stream: true });
    await (await talking).body?.cancel();
    const startedAt = performance.now();
    expect((await ask('/api/unload', post({ model: 'a/slow' }))).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
    await until(() => host.running().length === 0);
  });

  it('works with the host’s own key', async () => {
    const { host, ask } = await setUp({ apiKey: 's3cret' });
    expect((await ask('/api/unload', post({ model: 'big' }))).status).toBe(200);
    expect(host.running()).toEqual([]);
  });

  it.each([
    ['old', undefined],
    ['v230', undefined],
    ['v230', 'vendor/big:q4'],
  ] as const)('works with release %s (%s)', async (release, model) => {
    const { host, ask } = await setUp({ release });
    const body = model === undefined ? {} : { model };
    expect((await ask('/api/providers/a/unload', post(body))).status).toBe(200);
    expect(host.running()).toEqual([]);
  });

  it('of one model is refused by name where the release could stop only all', async () => {
    const { host, ask } = await setUp({ release: 'old' });
    const answer = await ask('/api/unload', post({ model: 'big' }));
    expect(answer).toMatchObject({ status: 409, code: 'unsupported_by_provider' });
    expect(answer.message).toMatch(/too old .* update it .* or unload all its models\./);
    expect(host.running()).toHaveLength(1);
  });

  it.each(['current', 'v230'] as const)(
    'of what is not there is the host’s 404, told plainly (%s)',
    async (release) => {
      const { host, ask } = await setUp({ release });
      expect(await ask('/api/unload', post({ model: 'a/nothing' }))).toMatchObject({
        status: 404,
        code: 'not_found',
        message:
          'a has no model "nothing" of its own to unload: GET /api/models lists what it has.',
      });
      expect((await ask('/api/unload', post({ model: 'friend/far' }))).status).toBe(404);
      expect(host.running()).toHaveLength(1);
    },
  );

  it('of what a web server knows nothing of is no host’s 404', async () => {
    const host = await startOdd({
      '/api/models/unload/m': text('<h1>Not Found</h1>', 'text/html', 404),
    });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const answer = await app.ask('/api/unload', post({ model: 'a/m' }));
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('what answers in PROVIDERS is none');
  });

  it('says which name was meant where a whole ID was sent to a provider', async () => {
    const { ask } = await setUp();
    const body = post({ model: 'a/vendor/big:q4' });
    expect((await ask('/api/providers/a/unload', body)).message).toMatch(
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
  ])('of a model called "%s" never becomes another request', async (model, status) => {
    const { host, ask } = await setUp();
    expect((await ask('/api/providers/a/unload', post({ model }))).status).toBe(status);
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
    ['a model that is nobody’s', '/api/unload', '{"model":" "}', 'is empty'],
  ])('is refused with %s, and nothing is stopped', async (_, path, body, words) => {
    const { host, ask } = await setUp();
    const answer = await ask(path, post(body));
    expect([answer.status, answer.message]).toEqual([400, expect.stringContaining(words)]);
    expect(host.running()).toHaveLength(1);
  });

  it.each([
    ['without a body', '/api/unload', { method: 'POST' }, 400],
    ['as plain text', '/api/unload', { method: 'POST', body: '{"model":"big"}' }, 400],
    ['as plain text', '/api/providers/a/unload', { method: 'POST', body: '{"model":"x"}' }, 400],
    ['of a stranger', '/api/providers/x/unload', { method: 'POST' }, 404],
    ['of what is no llama-swap', '/api/providers/b/unload', { method: 'POST' }, 409],
    ['of what is no llama-swap, by ID', '/api/unload', post({ model: 'b/x' }), 409],
    ['by GET', '/api/providers/a/unload', {}, 405],
    ['by GET, and by ID', '/api/unload?model=big', {}, 405],
  ])('is refused %s', async (_, path, init, status) => {
    const { host, ask } = await setUp();
    expect((await ask(path, init)).status).toBe(status);
    expect(host.running()).toHaveLength(1);
    expect([...host.counts.requests.keys()]).toEqual([]);
  });
});
