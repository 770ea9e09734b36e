import { beforeEach, describe, expect, it } from 'vitest';
import { SAM_DESKTOP_MODELS } from '../../demo/fleet-models.ts';
import { listen } from '../../demo/listen.ts';
import { createLlamaSwapHost, type LlamaSwapHost } from '../../demo/llama-swap-host.ts';
import { whileTesting } from '../hosts.ts';
import { makeApp, type TestApp } from '../make-app.ts';

// Attacks by a foreign page in a user's browser: everything that browsers let a page send.

const LISTED = 'https://chat.example';
const EVIL = 'https://evil.example';
const FAVORITE = '/api/favorites/a/gpt-oss-20b';
const CHAT = '{"model":"a/gpt-oss-20b","messages":[{"role":"user","content":"hi"}]}';
const FORM = 'application/x-www-form-urlencoded';

let host: LlamaSwapHost;
let app: TestApp;

async function setUp(settings: Record<string, string> = {}) {
  host = createLlamaSwapHost({
    name: 'a',
    models: SAM_DESKTOP_MODELS.map((model) => ({ ...model, loadMs: 1 })),
  });
  const { port } = await whileTesting(listen(host.fetch));
  app = makeApp({
    PROVIDERS: `a=llama-swap://127.0.0.1:${port}`,
    CORS_ORIGINS: `${LISTED},app://obsidian.md`,
    ...settings,
  });
}

/** The effects so far: loaded models, requests except for lists, favorites. */
async function readEffects(headers: Record<string, string> = {}) {
  const { favorites } = await app.read('/api/favorites', { headers });
  const isList = (request: string) => /^GET \/(?:v1\/models|running)$/u.test(request);
  return {
    loads: [...host.counts.loads.keys()],
    requests: [...host.counts.requests.keys()].filter((request) => !isList(request)),
    favorites: favorites.map(({ id }: { id: string }) => id),
  };
}

const NOTHING = { loads: [], requests: [], favorites: [] };

interface Attack {
  readonly path: string;
  readonly method?: string;
  readonly type?: string;
  readonly body?: string;
}

/** Requests that change something if they are accepted. */
const POSTS: [string, Attack][] = [
  ['a form', { path: '/v1/chat/completions', type: FORM, body: 'model=a%2Fgpt-oss-20b' }],
  ['JSON as plain text', { path: '/v1/chat/completions', type: 'text/plain', body: CHAT }],
  ['JSON for Anthropic’s route', { path: '/v1/messages', type: 'text/plain', body: CHAT }],
  ['a beacon without a type', { path: '/v1/completions', body: CHAT }],
  ['a form that loads a model', { path: '/api/load', body: '{"model":"a/gpt-oss-20b"}' }],
  ['a form that unloads all models', { path: '/api/providers/a/unload', type: FORM, body: '' }],
  ['a form to a model’s own server', { path: '/upstream/a/gpt-oss-20b/slots/0', body: 'x' }],
  ['a path in another form', { path: '/%75pstream/a/gpt-oss-20b/slots/0', body: 'x' }],
  ['a new favorite', { path: FAVORITE, method: 'PUT' }],
  ['a removed favorite', { path: FAVORITE, method: 'DELETE' }],
  ['a new order', { path: '/api/favorites', method: 'PUT', body: '{"ids":[]}' }],
  ['an unknown method', { path: '/upstream/a/gpt-oss-20b/x', method: 'PURGE' }],
  ['a form to an unknown path', { path: '/nothing' }],
];

/** Requests of images, scripts, style sheets or frames. */
const GETS: [string, Attack][] = [
  ['a model’s own server', { path: '/upstream/a/gpt-oss-20b/health' }],
  ['a model’s own server by an encoded path', { path: '/%75pstream/a/gpt-oss-20b/health' }],
  ['a model’s own server by an encoded name', { path: '/upstream/%61/gpt-oss-20b/health' }],
  ['the properties of a model', { path: '/props?model=a/gpt-oss-20b' }],
  ['voices', { path: '/v1/audio/voices?model=a/gpt-oss-20b' }],
  ['LoRAs', { path: '/sdapi/v1/loras?model=a/gpt-oss-20b' }],
  ['a refresh of the catalog', { path: '/api/models?refresh=1' }],
  ['a refresh of the providers', { path: '/api/providers?refresh=1' }],
  ['a refresh of the OpenAI list', { path: '/v1/models?refresh=1' }],
  ['a refresh of one model', { path: '/v1/models/a/gpt-oss-20b?refresh=1' }],
  ['the doctor', { path: '/api/doctor' }],
];

function send({ path, method = 'POST', type, body }: Attack, headers: Record<string, string>) {
  return app.ask(path, {
    method,
    headers: { ...(type !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body }),
  });
}

async function expectRefusal(answer: Response, code: string) {
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  const body = (await answer.json()) as any;
  expect(body).toMatchObject({ src: 'paddock', error: { code } });
  return body.error;
}

/** The headers that browsers send for a page that is not Paddock's. */
const FOREIGN: [string, Record<string, string>][] = [
  ['of another site', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
  ['of another site, in an older browser', { origin: EVIL }],
  ['of another port', { origin: 'http://paddock:3000', 'sec-fetch-site': 'same-site' }],
  ['in a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['without an origin', { 'sec-fetch-site': 'cross-site' }],
  ['of another port without an origin', { 'sec-fetch-site': 'same-site' }],
  ['whose origin starts like a listed one', { origin: `${LISTED}.evil.example` }],
];

describe.each([
  ['without keys', {}, {}],
  ['with a key that the browser sends automatically', { API_KEYS: 'k3y' }, { 'x-api-key': 'k3y' }],
])('%s', (_, settings, key: Record<string, string>) => {
  beforeEach(() => setUp(settings));

  it.each(FOREIGN)('a page %s gets 403 for all that it posts', async (_page, page) => {
    for (const [name, attack] of POSTS) {
      const answer = await send(attack, { ...page, ...key });
      expect([name, answer.status]).toEqual([name, 403]);
    }
    expect(await readEffects(key)).toEqual(NOTHING);
    expect(app.lines.filter(({ code }) => code === 'forbidden_origin')).toHaveLength(POSTS.length);
  });

  it.each(FOREIGN)('a page %s gets 403 for all that it embeds', async (_page, page) => {
    for (const [, attack] of GETS) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await send({ ...attack, method }, { ...page, ...key });
        expect([attack.path, status]).toEqual([attack.path, 403]);
      }
    }
    // No probe ran either.
    expect(host.counts.requests.size).toBe(0);
    expect(await readEffects(key)).toEqual(NOTHING);
  });
});

describe('a preflight', () => {
  beforeEach(() => setUp());

  it.each([EVIL, 'null'])('of %s is refused, and reaches no upstream', async (origin) => {
    for (const path of ['/v1/chat/completions', FAVORITE, '/upstream/a/gpt-oss-20b/x']) {
      const answer = await app.ask(path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT' },
      });
      expect(answer.ok).toBe(false);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-'))).toEqual([]);
    }
    expect(await readEffects()).toEqual(NOTHING);
  });
});

describe('Paddock accepts requests of', () => {
  beforeEach(() => setUp());

  it.each<[string, Record<string, string>]>([
    ['a listed page', { origin: LISTED, 'sec-fetch-site': 'cross-site' }],
    ['a listed app', { origin: 'app://obsidian.md', 'sec-fetch-site': 'cross-site' }],
    ['Paddock’s own page', { host: 'paddock', origin: 'http://paddock' }],
    [
      'Paddock’s own page behind a proxy',
      { host: '10.0.0.1', 'x-forwarded-host': 'proxy.example', origin: 'https://proxy.example' },
    ],
    ['a program that is not a browser', {}],
  ])('%s', async (_, page) => {
    for (const [name, attack] of POSTS) {
      expect([name, (await send(attack, page)).status]).not.toEqual([name, 403]);
    }
    const { loads, requests } = await readEffects();
    expect(loads).toEqual(['gpt-oss-20b']);
    expect(requests).toEqual(
      expect.arrayContaining(['POST /v1/chat/completions', 'POST /v1/messages']),
    );
    expect((await send({ path: FAVORITE, method: 'PUT' }, page)).status).toBe(201);
    for (const [name, { path }] of GETS) {
      const { status } = await app.ask(path, { headers: page });
      expect([name, status]).not.toEqual([name, 403]);
    }
  });

  it('an image on a listed page, a typed address, and Paddock’s own pages', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', referer: `${LISTED}/` },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'same-origin', referer: 'http://paddock/' },
    ]) {
      const { status } = await app.ask('/upstream/a/gpt-oss-20b/health', { headers });
      expect(status).toBe(200);
    }
  });

  it('any page for routes that only read, but lets the page read no answer', async () => {
    for (const path of ['/api/models', '/api/favorites', '/v1/models', '/', '/picker.js']) {
      const answer = await app.ask(path, { headers: { origin: EVIL } });
      expect([path, answer.status]).not.toEqual([path, 403]);
      if (path.length > 1 && path !== '/picker.js') {
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });
});

describe('a foreign name that resolves to Paddock’s address', () => {
  const REBOUND = {
    host: 'evil.example:8400',
    origin: 'http://evil.example:8400',
    'sec-fetch-site': 'same-origin',
    referer: 'http://evil.example:8400/',
  };
  const PATHS = ['/', '/docs', '/api/models', '/api/favorites', '/ready', '/openapi.json', '/nope'];

  it('gets 403 on all paths with all methods', async () => {
    await setUp();
    for (const path of [...PATHS, ...[...POSTS, ...GETS].map(([, attack]) => attack.path)]) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const answer = await app.ask(path, { method, headers: REBOUND });
        expect([method, path, answer.status]).toEqual([method, path, 403]);
      }
    }
    expect(host.counts.requests.size).toBe(0);
    expect(await readEffects()).toEqual(NOTHING);
  });

  it('gets an error in the form of the route, which names the setting', async () => {
    await setUp();
    const answer = await app.ask('/api/models', { headers: REBOUND });
    const { message } = await expectRefusal(answer, 'forbidden_host');
    expect(message).toBe(
      'Host "evil.example" is not allowed. Add it to ALLOWED_HOSTS, or set API_KEYS.',
    );
    expect(await app.read('/v1/messages', { method: 'POST', headers: REBOUND })).toEqual({
      type: 'error',
      src: 'paddock',
      error: { type: 'permission_error', message },
    });
  });

  it('is accepted for /health', async () => {
    await setUp();
    expect((await app.ask('/health', { headers: REBOUND })).status).toBe(200);
  });

  it.each(['x-forwarded-host', 'forwarded', 'x-host', 'x-original-host'])(
    'is refused with a header that a page can add, such as %s',
    async (name) => {
      await setUp();
      const value = name === 'forwarded' ? 'host=localhost' : 'localhost';
      await expectRefusal(
        await app.ask('/api/models', { headers: { ...REBOUND, [name]: value } }),
        'forbidden_host',
      );
    },
  );

  it.each([
    ['by its name', { ALLOWED_HOSTS: 'evil.example' }],
    ['by all names below another', { ALLOWED_HOSTS: '*.example' }],
    ['by any name', { ALLOWED_HOSTS: '*' }],
    ['by HOST', { HOST: 'Evil.example' }],
  ])('is accepted when the settings allow it %s', async (_, settings) => {
    await setUp(settings);
    expect((await app.ask('/api/models', { headers: REBOUND })).status).toBe(200);
    expect((await app.ask(FAVORITE, { method: 'PUT', headers: REBOUND })).status).toBe(201);
  });

  it('is accepted with a key when API_KEYS is set', async () => {
    await setUp({ API_KEYS: 'k3y' });
    expect((await app.ask('/api/models', { headers: REBOUND })).status).toBe(401);
    const headers = { ...REBOUND, 'x-api-key': 'k3y' };
    expect((await app.ask('/api/models', { headers })).status).toBe(200);
  });

  it('is not assumed without a Host header', async () => {
    await setUp();
    expect((await app.ask('/api/models')).status).toBe(200);
  });
});

it('a refusal does not quote a value that is not a valid name or origin', async () => {
  await setUp();
  for (const headers of [
    { host: 'user:s3cret@evil.example' },
    { host: `s3cret${'.evil'.repeat(100)}` },
    { origin: 'https://s3cret.example/"><script>' },
    { origin: `https://${'s3cret'.repeat(1000)}` },
  ]) {
    const answer = await app.ask('/api/unload', { method: 'POST', headers });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.not.stringMatching('s3cret'),
    ]);
  }
  expect(JSON.stringify(app.lines)).not.toContain('s3cret');
});
