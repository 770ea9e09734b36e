import { describe, expect, it } from 'vitest';
import { startHost as startSimulated, states } from '../demo/host-fixture.ts';
import {
  findDeadPort,
  json,
  modelList,
  startHost as startOddHost,
  text,
  whileTesting,
} from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';

type SimulatedOptions = Parameters<typeof startSimulated>[0];

const post = (body: unknown): RequestInit => ({ ...put(body), method: 'POST' });

/** An app with a simulated llama-swap `a`, and `b` of kind openai. */
async function setUp(options: SimulatedOptions = {}, timeoutMs = 5000) {
  const host = await startSimulated(options);
  const key = options?.apiKey === undefined ? '' : `${options.apiKey}@`;
  const app = makeApp({
    PROVIDERS: `a=llama-swap://${key}${new URL(host.url).host}?timeout=${timeoutMs} b=openai://127.0.0.1:1`,
    MODEL_ALIASES: 'big=a/vendor/big:q4',
  });
  const load = async (body: unknown, init: RequestInit = {}) => {
    const answer = await app.ask('/api/load', { ...post(body), ...init });
    const value = (await answer.json().catch(() => null)) as any;
    return { status: answer.status, body: value, ...value?.error };
  };
  return { host, app, load };
}

/** An app with a provider `a` that gives these answers. */
async function setUpOdd(answers: Parameters<typeof startOddHost>[0]) {
  const host = await whileTesting(startOddHost(answers));
  const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
  const load = async (model: string) => {
    const answer = await app.ask('/api/load', post({ model }));
    const value = (await answer.json()) as any;
    return { status: answer.status, body: value, ...value.error };
  };
  return { host, app, load };
}

const SLOW = [{ id: 'slow', loadMs: 300 }];
/** Loads for longer than a busy machine needs for two requests. */
const SLOWER = [{ id: 'slow', loadMs: 1500 }];

describe('POST /api/load', () => {
  it.each([
    ['a composite ID', 'a/vendor/big:q4'],
    ['a bare ID', 'vendor/big:q4'],
    ['an alias', 'big'],
  ])('loads a model by %s without generating, and answers when it is ready', async (_, model) => {
    const { host, load } = await setUp();
    expect(await load({ model })).toEqual({
      status: 200,
      body: {
        id: 'a/vendor/big:q4',
        provider: 'a',
        model: 'vendor/big:q4',
        loadMs: expect.any(Number),
      },
    });
    expect(states(host)).toEqual([['vendor/big:q4', 'ready']]);
    expect([...host.counts.requests.keys()]).toEqual([
      'GET /running',
      'GET /upstream/vendor%2Fbig%3Aq4/health',
    ]);
  });

  it('measures the load, and waits longer than the probe timeout', async () => {
    const { load } = await setUp({ models: SLOW }, 100);
    const { status, body } = await load({ model: 'a/slow' });
    expect(status).toBe(200);
    expect(body.loadMs).toBeGreaterThanOrEqual(290);
  });

  it('answers at once for a model that is ready, and evicts none', async () => {
    // A request to `eye` would unload `small`, although `eye` is ready.
    const groups = [{ swap: false, exclusive: false, members: ['small'] }];
    const { host, load } = await setUp({ loaded: ['small', 'eye'], groups });
    const { status, body } = await load({ model: 'eye' });
    expect([status, body.loadMs < 500]).toEqual([200, true]);
    expect(states(host)).toEqual([
      ['eye', 'ready'],
      ['small', 'ready'],
    ]);
    expect([...host.counts.requests.keys()]).toEqual(['GET /running']);
  });

  it('evicts none for the provider’s own alias of a ready model', async () => {
    const groups = [{ swap: false, exclusive: false, members: ['eye'] }];
    const { host, app, load } = await setUp({ loaded: ['eye', 'small'], groups });
    await app.read('/api/models');
    const { status, body } = await load({ model: 'a/tiny' });
    expect([status, body]).toMatchObject([200, { id: 'a/tiny', model: 'tiny' }]);
    expect(states(host).map(([model]) => model)).toEqual(['eye', 'small']);
    expect([...host.counts.requests.keys()].join()).not.toContain('/upstream/');
  });

  it('loads a model by the provider’s own alias, and with its key', async () => {
    const { host, load } = await setUp({ apiKey: 's3cret' });
    expect((await load({ model: 'a/tiny' })).body.model).toBe('tiny');
    expect(states(host)).toEqual([['small', 'ready']]);
  });

  it.each(['old', 'v230', 'current'] as const)('works with release %s', async (release) => {
    const { host, load } = await setUp({ release });
    expect((await load({ model: 'a/small' })).status).toBe(200);
    expect(states(host)).toEqual([['small', 'ready']]);
  });

  it('shows the change in the catalog at once', async () => {
    const { app, load } = await setUp({ loaded: 'small' });
    const running = async () => {
      const { providers } = await app.read('/api/models');
      const ready = providers[0].models.filter(({ state }: any) => state === 'ready');
      return ready.map(({ model }: any) => model);
    };
    expect(await running()).toEqual(['small']);
    await load({ model: 'a/eye' });
    expect(await running()).toEqual(['eye']);
    expect((await load({ model: 'a/broken' })).status).toBe(502);
    expect(await running()).toEqual([]);
  });

  it('asks the host once for equal loads at the same time', async () => {
    const { host, load } = await setUp({ models: SLOW });
    const loads = await Promise.all(Array.from({ length: 5 }, () => load({ model: 'slow' })));
    expect(loads.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(host.counts.requests.get('GET /upstream/slow/health')).toBe(1);
  });

  it('continues for the second client when the first disconnects', async () => {
    const { host, load } = await setUp({ models: SLOWER });
    const leaving = new AbortController();
    const first = load({ model: 'slow' }, { signal: leaving.signal });
    await expect.poll(() => states(host)).toEqual([['slow', 'starting']]);
    const second = load({ model: 'slow' });
    leaving.abort();
    expect((await first).status).toBe(499);
    expect((await second).status).toBe(200);
    expect(host.counts.requests.get('GET /upstream/slow/health')).toBe(1);
  });

  it('ends the wait, but not the load, when the only client disconnects', async () => {
    const { host, app, load } = await setUp({ models: SLOWER });
    await app.read('/api/models');
    const leaving = new AbortController();
    const request = load({ model: 'slow' }, { signal: leaving.signal });
    await expect.poll(() => states(host)).toEqual([['slow', 'starting']]);
    leaving.abort();
    expect((await request).status).toBe(499);
    const readState = async () => (await app.read('/api/models')).providers[0].models[0].state;
    await expect.poll(readState, { interval: 5 }).toBe('starting');
    expect((await load({ model: 'slow' })).status).toBe(200);
    expect(host.counts.loads.get('slow')).toBe(1);
  });

  it.each([
    ['that the provider does not have', 'a/nothing', 404, /^a has no model "nothing" of its own:/],
    ['that fails to start', 'a/broken', 502, /^a did not load "broken" \(HTTP 50\d\): .* its log/],
    ['of a provider of kind openai', 'b/x', 409, /^b is of kind openai, which cannot .* load/],
    ['of an unknown provider', 'x/y', 404, /of its own/],
    ['that no path can carry', 'a/..', 400, /^A path cannot contain this model ID/],
    ['with an empty name', 'a/', 400, /names the provider "a" but no model/],
  ])('refuses a model %s', async (_, model, status, message) => {
    const { load } = await setUp();
    const refused = await load({ model });
    expect([refused.status, refused.message]).toEqual([status, expect.stringMatching(message)]);
  });

  it('refuses a model of a peer, which the provider cannot load', async () => {
    const { host, app, load } = await setUp();
    await app.read('/api/models');
    const { status, message } = await load({ model: 'a/friend/far' });
    expect([status, message]).toEqual([409, expect.stringMatching(/from another server/)]);
    expect(host.counts.requests.get('GET /upstream/friend%2Ffar/health')).toBeUndefined();
  });

  it.each([
    [
      'a field that does not exist',
      { model: 'small', evict: 'never' },
      /"evict" is unknown: .* without other fields/,
    ],
    ['no model', {}, /: "model" is missing\.$/],
    ['a list', [], /not an array/],
  ])('refuses a body with %s', async (_, body, message) => {
    const { host, load } = await setUp();
    const refused = await load(body);
    expect([refused.status, refused.message]).toEqual([400, expect.stringMatching(message)]);
    expect(host.counts.requests.size).toBe(0);
  });

  it.each([
    ['a page of another origin', { headers: { origin: 'https://evil.example' } }, 403],
    ['a text body', { body: '{"model":"small"}', headers: { 'content-type': 'text/plain' } }, 400],
    ['GET', { method: 'GET', body: null }, 405],
  ])('refuses %s', async (_, init, status) => {
    const { host, load } = await setUp();
    expect((await load({ model: 'small' }, init)).status).toBe(status);
    expect(host.counts.requests.size).toBe(0);
  });
});

describe('POST /api/load, with an odd host', () => {
  const running = json({ running: [{ model: 'm', state: 'ready' }] });

  it('loads a model whose server has no health check', async () => {
    let isLoaded = false;
    const { load } = await setUpOdd({
      '/running': (request, response) =>
        (isLoaded ? running : json({ running: [] }))(request, response),
      '/upstream/m/health': (request, response) => {
        isLoaded = true;
        text('Not Found', 'text/plain', 404)(request, response);
      },
    });
    expect((await load('a/m')).status).toBe(200);
  });

  it('answers 404 when an old release answers 400', async () => {
    const { load } = await setUpOdd({
      '/running': running,
      '/upstream/other/health': text('model id required in path', 'text/plain', 400),
    });
    expect(await load('a/other')).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each([
    ['429', json({ error: 'too many requests' }, 429), 502],
    ['503', text('at http://10.0.0.9 with s3cret', 'text/plain', 503), 502],
    ['401', text('unauthorized', 'text/plain', 401), 502],
    ['a web page with 404', text('<h1>Not Found</h1>', 'text/html', 404), 409],
  ])('answers an error when the host sends %s', async (_, answer, status) => {
    const { load } = await setUpOdd({
      '/v1/models': json(modelList('m')),
      '/running': json({ running: [] }),
      '/upstream/m/health': answer,
    });
    const { status: answered, message } = await load('a/m');
    expect(answered).toBe(status);
    expect(message).toMatch(/^a .*\.$/);
    expect(message).not.toMatch(/s3cret|10\.0\.0\.9/);
  });

  it('answers 502 when the connection is refused', async () => {
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${await findDeadPort()}` });
    const answer = await app.ask('/api/load', post({ model: 'a/m' }));
    expect([answer.status, await answer.text()]).toEqual([
      502,
      expect.stringContaining('refused the connection'),
    ]);
  });
});
