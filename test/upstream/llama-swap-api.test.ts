import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Release } from '../../demo/release.ts';
import type { Provider } from '../../src/registry/provider.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { openUpstreams } from '../../src/runtime/open-upstreams.ts';
import { HostError, type HostErrorCategory } from '../../src/upstream/host-error.ts';
import { LlamaSwapApi } from '../../src/upstream/llama-swap-api.ts';
import { startHost as startSimulated, states, type StartedHost } from '../demo/host-fixture.ts';
import { breakOff, findDeadPort, flood, hang, json, modelList, startHost, text } from '../hosts.ts';

const upstreams = openUpstreams();
const KEY = 'zq5ecret-key';
const RELEASES: Release[] = ['current', 'v230', 'old'];
const UNLOAD = '/api/models/unload';

type Answers = Parameters<typeof startHost>[0];

interface Connected {
  api: LlamaSwapApi;
  /** What was sent, as `METHOD /path`. */
  sent: string[];
  /** The headers of each request. */
  headers: Headers[];
  /** What `fetch` threw. */
  thrown: unknown[];
}

/** An API whose requests travel as ever, and are written down on their way. */
function connect(port: number, { base = '', sidecar = '' } = {}): Connected {
  const dsn = `lab=llama-swap://${KEY}@127.0.0.1:${port}${base}${sidecar}`;
  const provider = parseSettings({ PROVIDERS: dsn }).registry.providers.get('lab') as Provider;
  const connected = { sent: [] as string[], headers: [] as Headers[], thrown: [] as unknown[] };
  const send = async (url: string, init: RequestInit) => {
    connected.sent.push(`${init.method} ${url.replace(provider.baseUrl, '')}`);
    connected.headers.push(new Headers(init.headers));
    try {
      return await upstreams.fetch(url, init);
    } catch (error) {
      connected.thrown.push(error);
      throw error;
    }
  };
  return { api: new LlamaSwapApi({ provider, fetch: send }), ...connected };
}

async function serve(answers: Answers): Promise<Connected & { port: number }> {
  const host = await startHost(answers);
  onTestFinished(() => host.close());
  return { ...connect(host.port), port: host.port };
}

function simulate(
  options: Parameters<typeof startSimulated>[0],
): Promise<Connected & { host: StartedHost }> {
  return startSimulated({ apiKey: KEY, ...options }).then((host) => ({
    host,
    ...connect(host.listener.port),
  }));
}

const soon = () => AbortSignal.timeout(10_000);

/** What a call was rejected with; the test is about to check it. */
function failureOf(call: Promise<unknown>): Promise<any> {
  return call.then(
    (value) => expect.fail(`expected a failure but received ${inspect(value)}`),
    (error: unknown) => error,
  );
}

describe('the models list', () => {
  it.each(RELEASES)('is the one of a host of the release %s', async (release) => {
    const { api, host } = await simulate({ release });
    const headers = { authorization: `Bearer ${KEY}` };
    const { data } = (await (await fetch(`${host.url}/v1/models`, { headers })).json()) as any;
    const models = await api.listModels(soon());
    expect(models.map(({ id }) => id)).toContain('vendor/big:q4');
    const timeless = (record: object) => ({ ...record, created: 0 });
    expect(models.map(timeless)).toEqual(data.map(timeless));
  });
});

describe('what runs', () => {
  it.each(['current', 'v230'] as const)('is told raw by the release %s', async (release) => {
    const { api, host } = await simulate({ release, loaded: 'small' });
    expect(await api.running(soon())).toEqual({ running: host.running() });
  });

  it('may have a command line of 1 MiB, and fields that nobody knows', async () => {
    const running = [{ model: 'a', cmd: 'x'.repeat(1024 * 1024), odd: [1] }];
    const { api } = await serve({ '/running': json({ running, more: true }) });
    expect(await api.running(soon())).toEqual({ running, more: true });
  });

  it('is an error where it nests so deep that it could not be passed on', async () => {
    const nested = `{"running":[],"odd":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const { api } = await serve({ '/running': text(nested, 'application/json') });
    const error = await failureOf(api.running(soon()));
    expect(error).toMatchObject({ name: 'HostError', category: 'invalid-answer' });
  });

  it('is an error at releases that do not tell', async () => {
    const { api } = await simulate({ release: 'old' });
    const error = await failureOf(api.running(soon()));
    expect(error).toBeInstanceOf(HostError);
    expect(error.message).toBe('GET /running: HTTP 404: 404 page not found');
    expect(error).toMatchObject({ status: 404, category: 'not-found', retryable: false });
  });
});

describe('the version', () => {
  it('is told by releases since v173', async () => {
    const version = { version: '251', commit: 'd3m0d3m0', build_date: '2026-08-20T09:00:00Z' };
    expect(await (await simulate({})).api.version(soon())).toEqual(version);
    const { api } = await simulate({ release: 'v230' });
    expect(await api.version(soon())).toEqual({ ...version, version: '230' });
  });

  it('is null at older ones, whichever way their router refuses', async () => {
    expect(await (await simulate({ release: 'old' })).api.version(soon())).toBeNull();
    const { api } = await serve({ '/api/version': text('', 'text/plain', 404) });
    expect(await api.version(soon())).toBeNull();
  });

  it('is an error where something else is not found', async () => {
    const { api } = await serve({ '/api/version': text('<h1>Not Found</h1>', 'text/html', 404) });
    expect(await failureOf(api.version(soon()))).toMatchObject({ category: 'not-found' });
  });
});

describe('unloading all', () => {
  it.each([
    ['current', [`POST ${UNLOAD}`]],
    ['v230', [`POST ${UNLOAD}`]],
    ['old', [`POST ${UNLOAD}`, 'GET /unload']],
  ] as const)('leaves nothing at the release %s, and asks %j', async (release, asked) => {
    const { api, host, sent } = await simulate({ release, loaded: 'small' });
    expect(await api.unload(null, soon())).toBeUndefined();
    expect(states(host)).toEqual([]);
    expect(sent).toEqual(asked);
  });

  it.each([404, 405])('falls back wherever the route is answered by a %i', async (status) => {
    const { api, sent } = await serve({ [UNLOAD]: text('', '', status), '/unload': text('OK') });
    await api.unload(null, soon());
    expect(sent).toEqual([`POST ${UNLOAD}`, 'GET /unload']);
  });

  it.each([400, 401, 403, 429, 500, 502, 503])('asks nothing more after a %i', async (status) => {
    const { api, sent } = await serve({ [UNLOAD]: json({ error: 'no' }, status) });
    expect(await failureOf(api.unload(null, soon()))).toMatchObject({ status });
    expect(sent).toEqual([`POST ${UNLOAD}`]);
  });

  it.each<[string, Answers[string], RegExp]>([
    ['a page', text('<html>Log in</html>'), /expected "OK" but received HTML$/],
    ['an array', json(['ok']), /received other JSON$/],
    ['broken JSON', text('{"msg":'), /received text that is not JSON$/],
    ['nothing', text(''), /received nothing$/],
    ["another server's refusal", json({ error: 'Unexpected endpoint' }), /received other JSON$/],
  ])('does not take %s for success', async (_, answer, message) => {
    const { api } = await serve({ [UNLOAD]: answer });
    const error = await failureOf(api.unload(null, soon()));
    expect(error).toMatchObject({ status: 200, category: 'invalid-answer', retryable: false });
    expect(error.message).toMatch(message);
  });
});

describe('unloading one', () => {
  const releases = ['current', 'v230'] as const;

  it.each(releases)('stops it, by its ID or an alias, at the release %s', async (release) => {
    for (const name of ['small', 'tiny']) {
      const { api, host, sent } = await simulate({ release, loaded: 'small' });
      await api.unload(name, soon());
      expect(states(host)).toEqual([]);
      expect(sent).toEqual([`POST ${UNLOAD}/${name}`]);
    }
  });

  it.each(releases)('leaves others alone at the release %s', async (release) => {
    const { api, host } = await simulate({ release, loaded: 'small' });
    await api.unload('eye', soon());
    expect(states(host)).toEqual([['small', 'ready']]);
  });

  it.each([
    ['current', 'nobody', 'not_found'],
    ['current', 'friend/far', 'not_found'],
    ['v230', 'nobody', null],
  ] as const)("is the host's own 404 at the release %s for %s", async (release, model, code) => {
    const { api, sent } = await simulate({ release, loaded: 'small' });
    const error = await failureOf(api.unload(model, soon()));
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ status: 404, code, category: 'not-found', retryable: false });
    expect(error.message).toBe(
      `POST ${UNLOAD}/${encodeURIComponent(model)}: HTTP 404: model not found`,
    );
    expect(sent).toHaveLength(1);
  });

  it.each(['a/b', 'ü', 'a?b#c', '%2e%2e', 'a%2Fb', '...', 'a b', 'unload'])(
    'reaches a model with the name %j, and no other',
    async (name) => {
      const models = [name, 'kept'].map((id) => ({ id, loadMs: 1 }));
      const { api, host, sent } = await simulate({ models, loaded: name });
      await api.unload(name, soon());
      expect(states(host)).toEqual([]);
      const other = await simulate({ models, loaded: 'kept' });
      await other.api.unload(name, soon());
      expect(states(other.host)).toEqual([['kept', 'ready']]);
      expect(sent).toEqual([`POST ${UNLOAD}/${encodeURIComponent(name)}`]);
    },
  );

  it.each(['', '.', '..', '../unload', 'a/../../unload', '/small', 'small/', '\uD800'])(
    'sends nothing for the name %j, which no path can carry',
    async (name) => {
      for (const release of RELEASES) {
        const { api, host, sent } = await simulate({ release, loaded: 'small' });
        const error = await failureOf(api.unload(name, soon()));
        expect(error).toMatchObject({ name: 'PaddockError', code: 'invalid_model_id' });
        expect(states(host)).toEqual([['small', 'ready']]);
        expect(sent).toEqual([]);
      }
    },
  );

  it('is not led elsewhere by a redirect', async () => {
    const { api, sent } = await serve({
      [`${UNLOAD}/a`]: (_, response) => response.writeHead(307, { location: UNLOAD }).end(),
      [UNLOAD]: json({ msg: 'ok' }),
    });
    const error = await failureOf(api.unload('a', soon()));
    expect(error).toMatchObject({ status: 307, category: 'invalid-answer', retryable: false });
    expect(error.message).toMatch(/a redirect, which is not followed$/);
    expect(sent).toEqual([`POST ${UNLOAD}/a`]);
  });
});

describe('unloading one where releases before v161 cannot', () => {
  const ready = (...models: string[]) => models.map((model) => ({ model, state: 'ready' }));
  const asked = [`POST ${UNLOAD}/a`, 'GET /running'];

  interface Old {
    running: object[];
    /** How the router refuses: in words, or since v126 by none. */
    refusal?: string;
    listed?: string[];
  }

  function serveOld({ running, refusal = '404 page not found', listed = ['a', 'b'] }: Old) {
    return serve({
      [`${UNLOAD}/a`]: text(refusal, 'text/plain', 404),
      '/running': json({ running }),
      '/v1/models': json(modelList(...listed)),
      '/unload': text('OK', 'text/plain'),
    });
  }

  it.each<[string, Old]>([
    ['it alone is loaded', { running: ready('a') }],
    ['a router without words says so', { running: ready('a'), refusal: '' }],
    ['the others have stopped', { running: [...ready('a'), { model: 'b', state: 'stopped' }] }],
  ])('stops all where %s', async (_, old) => {
    const { api, sent } = await serveOld(old);
    await api.unload('a', soon());
    expect(sent).toEqual([...asked, 'GET /unload']);
  });

  it('does nothing where nothing is loaded', async () => {
    const { api, sent } = await serveOld({ running: [] });
    await api.unload('a', soon());
    expect(sent).toEqual(asked);
  });

  it('does nothing where another is loaded', async () => {
    const { api, sent } = await serveOld({ running: ready('b') });
    await api.unload('a', soon());
    expect(sent).toEqual([...asked, 'GET /v1/models']);
  });

  it.each<[string, Old, string[]]>([
    ['others are loaded too', { running: ready('a', 'b') }, asked],
    [
      'another is still starting',
      { running: [...ready('a'), { model: 'b', state: 'starting' }] },
      asked,
    ],
    [
      'its name may be an alias of what is loaded',
      { running: ready('b'), listed: ['b'] },
      [...asked, 'GET /v1/models'],
    ],
  ])('refuses where %s', async (_, old, sent) => {
    const connected = await serveOld(old);
    const error = await failureOf(connected.api.unload('a', soon()));
    expect(error).toMatchObject({ name: 'TooOldError' });
    expect(error.message).toMatch(/^The llama-swap of lab is too old to stop one model/);
    expect(connected.sent).toEqual(sent);
  });

  it('refuses where nothing says what is loaded', async () => {
    const { api, host, sent } = await simulate({ release: 'old', loaded: 'small' });
    const error = await failureOf(api.unload('small', soon()));
    expect(error).toMatchObject({ name: 'TooOldError' });
    expect(states(host)).toEqual([['small', 'ready']]);
    expect(sent).toEqual([`POST ${UNLOAD}/small`, 'GET /running']);
  });

  it('passes on why what is loaded could not be told', async () => {
    const { api } = await serve({ '/running': json({ error: 'busy' }, 503) });
    const error = await failureOf(api.unload('a', soon()));
    expect(error.message).toBe('GET /running: HTTP 503: busy');
  });
});

type Call = (api: LlamaSwapApi, signal: AbortSignal) => Promise<unknown>;

const CALLS: [string, string, Call][] = [
  ['listModels', 'GET /v1/models', (api, signal) => api.listModels(signal)],
  ['running', 'GET /running', (api, signal) => api.running(signal)],
  ['version', 'GET /api/version', (api, signal) => api.version(signal)],
  ['unload of all', `POST ${UNLOAD}`, (api, signal) => api.unload(null, signal)],
  ['unload of one', `POST ${UNLOAD}/a%2Fb`, (api, signal) => api.unload('a/b', signal)],
];

describe.each(CALLS)('%s', (_, request, call) => {
  const path = request.split(' ')[1] as string;

  it.each<[number, HostErrorCategory, boolean]>([
    [400, 'bad-request', false],
    [401, 'auth', false],
    [403, 'auth', false],
    [418, 'bad-request', false],
    [429, 'rate-limited', true],
    [500, 'server', true],
    [502, 'server', true],
    [503, 'overloaded', true],
    [504, 'server', true],
  ])('fails for HTTP %i as %s', async (status, category, retryable) => {
    const { api } = await serve({
      [path]: (_request, response) => {
        const headers = { 'content-type': 'application/json', 'retry-after': '2' };
        response.writeHead(status, headers).end('{"error":{"message":"no","code":"odd"}}');
      },
    });
    const error = await failureOf(call(api, soon()));
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({
      message: `${request}: HTTP ${status}: no`,
      ...{ status, category, retryable, code: 'odd', retryAfterMs: 2000 },
      body: '{"error":{"message":"no","code":"odd"}}',
    });
  });

  it.each<[string, string, string, string]>([
    ['a string', '{"src":"llama-swap","error":"no"}', 'application/json', ': no'],
    ['plain text', 'llama-swap: no', 'text/plain', ': llama-swap: no'],
    ['a page', '<h1>no</h1>', 'text/html', ''],
    ['nothing', '', 'text/plain', ''],
  ])('fails with the words of %s', async (_what, body, contentType, words) => {
    const { api } = await serve({ [path]: text(body, contentType, 500) });
    const error = await failureOf(call(api, soon()));
    expect(error).toMatchObject({ message: `${request}: HTTP 500${words}`, body });
  });

  it('reads no more of an error than 64 KiB', async () => {
    const { api } = await serve({ [path]: text('x'.repeat(200_000), 'text/plain', 500) });
    expect((await failureOf(call(api, soon()))).body).toHaveLength(64 * 1024);
  });

  it.each<[string, Answers[string], RegExp]>([
    ['a page', text('<html>Welcome</html>'), /expected .* but received HTML$/],
    ['an array', json([]), /other JSON$/],
    ['null', json(null), /other JSON$/],
    ['broken JSON', text('{"data":['), /text that is not JSON$/],
    ['more than 8 MiB', flood(9 * 1024 * 1024), /more than 8388608 bytes$/],
  ])('fails for %s under HTTP 200', async (_what, answer, message) => {
    const { api } = await serve({ [path]: answer });
    const error = await failureOf(call(api, soon()));
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ status: 200, category: 'invalid-answer', retryable: false });
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(`${request}: HTTP 200: `)).toBe(true);
  });

  it('ends when its signal says so, before an answer and within one', async () => {
    const half: Answers[string] = (_request, response) => void response.write('{"running":[');
    for (const answer of [hang, half]) {
      const { api } = await serve({ [path]: answer });
      const signal = AbortSignal.timeout(60);
      const error = await failureOf(call(api, signal));
      expect(error).toBe(signal.reason);
      expect(error.name).toBe('TimeoutError');
    }
  });

  it('throws what kept an answer from coming', async () => {
    const { api, thrown } = connect(await findDeadPort());
    const error = await failureOf(call(api, soon()));
    expect(error).toBe(thrown[0]);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('throws what broke an answer off', async () => {
    const { api } = await serve({ [path]: breakOff });
    const error = await failureOf(call(api, soon()));
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('sends the key, asks for JSON, and shows neither key nor address', async () => {
    const { api, headers, port } = await serve({
      [path]: ({ headers: { authorization, host } }, response) =>
        response.writeHead(401).end(`bad key ${authorization} for http://${host}/`),
    });
    const error = await failureOf(call(api, soon()));
    expect(headers[0]?.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(headers[0]?.get('accept')).toBe('application/json');
    expect(error.message).toBe(`${request}: HTTP 401: bad key Bearer *** for http://***:${port}/`);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
  });

  it("asks below the provider's base path, and never its sidecar", async () => {
    const host = await startHost({ [`/base${path}`]: json({ error: 'base' }, 500) });
    onTestFinished(() => host.close());
    const sidecar = `?sidecar=http://127.0.0.1:${await findDeadPort()}`;
    const { api, sent } = connect(host.port, { base: '/base', sidecar });
    const error = await failureOf(call(api, soon()));
    expect(error.message).toBe(`${request}: HTTP 500: base`);
    expect(sent).toEqual([request]);
  });
});

describe.each([
  [
    'running',
    '/running',
    (api: LlamaSwapApi) => api.running(soon()),
    [[{ running: [] }], { running: {} }, { running: ['a'] }, { running: [[]] }, {}],
  ],
  [
    'listModels',
    '/v1/models',
    (api: LlamaSwapApi) => api.listModels(soon()),
    [{ data: {} }, { data: [{ id: 1 }] }, { data: ['a'] }, { data: [{}] }, {}],
  ],
  [
    'version',
    '/api/version',
    (api: LlamaSwapApi) => api.version(soon()),
    [{ version: 1 }, { version: 'v', commit: 1 }, {}],
  ],
])('%s', (_, path, call, values) => {
  it.each(values.map((value) => [value]))('fails for %j', async (value) => {
    const { api } = await serve({ [path]: json(value) });
    expect(await failureOf(call(api))).toMatchObject({ name: 'HostError', status: 200 });
  });
});
