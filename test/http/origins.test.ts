import { describe, expect, it } from 'vitest';
import { startModels, whileTesting } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';
import { answerName, startRecorder } from '../recorder.ts';

const ORIGIN = 'http://localhost:5173';
const SETTINGS = {
  PROVIDERS: 'a=llama-swap://127.0.0.1:9',
  CORS_ORIGINS: `${ORIGIN},https://chat.example`,
};
const HEADERS = { origin: ORIGIN };
/** Headers that OpenAI's and Anthropic's clients send from pages. */
const CLIENT_HEADERS =
  'anthropic-beta,anthropic-dangerous-direct-browser-access,anthropic-version,authorization,content-type,x-api-key,x-request-id,x-stainless-arch,x-stainless-retry-count';
const PREFLIGHT = {
  method: 'OPTIONS',
  headers: {
    ...HEADERS,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': CLIENT_HEADERS,
  },
};

const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => /^access-control-|^vary$/.test(name)));

const READABLE = {
  'access-control-allow-origin': ORIGIN,
  'access-control-expose-headers':
    'etag,retry-after,x-paddock-model,x-paddock-note,x-paddock-provider,x-paddock-route,x-request-id,ratelimit-limit,ratelimit-policy,ratelimit-remaining,ratelimit-reset',
  vary: 'Origin',
};

describe('pages of a listed origin', () => {
  it.each(['/api/favorites/a/x', '/v1/chat/completions', '/api/events', '/upstream/a/m/x', '/'])(
    'can send a preflight for %s without a key',
    async (path) => {
      const app = makeApp({ ...SETTINGS, API_KEYS: 'k3y' });
      const answer = await app.ask(path, PREFLIGHT);
      expect([answer.status, await answer.text()]).toEqual([204, '']);
      expect(corsOf(answer)).toEqual({
        ...READABLE,
        'access-control-allow-methods': 'GET,HEAD,PUT,POST,PATCH,DELETE',
        'access-control-allow-headers': CLIENT_HEADERS,
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Headers',
      });
    },
  );

  it('can read the catalog, a 304, events and upstream answers', async () => {
    const host = await whileTesting(startModels(['x']));
    const recorder = await whileTesting(startRecorder(answerName('b')));
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port} b=openai://127.0.0.1:${recorder.port}`;
    const app = makeApp({ ...SETTINGS, PROVIDERS });
    const catalog = await app.ask('/api/models', { headers: HEADERS });
    expect([catalog.status, corsOf(catalog)]).toEqual([200, READABLE]);
    const etag = catalog.headers.get('etag') ?? '';
    const again = await app.ask('/api/models', { headers: { ...HEADERS, 'if-none-match': etag } });
    expect([again.status, corsOf(again)]).toEqual([304, READABLE]);
    const events = await app.ask('/api/events', { headers: HEADERS });
    expect([events.status, corsOf(events)]).toEqual([200, READABLE]);
    await events.body?.cancel();
    const { headers, body } = put({ model: 'b/m' });
    const init = { method: 'POST', headers: { ...headers, ...HEADERS } as any, body: body ?? null };
    const chat = await app.ask('/v1/chat/completions', init);
    expect([chat.status, corsOf(chat), await chat.json()]).toEqual([200, READABLE, { name: 'b' }]);
    expect(chat.headers.get('x-paddock-provider')).toBe('b');
  });

  it.each([
    ['401', '/api/models', {}],
    ['404', '/nope', { 'x-api-key': 'k3y' }],
    ['400', '/api/resolve', { 'x-api-key': 'k3y' }],
    ['404', '/console/nothing.js', {}],
  ])('can read a %s', async (status, path, headers) => {
    const app = makeApp({ ...SETTINGS, API_KEYS: 'k3y' });
    const answer = await app.ask(path, { headers: { ...HEADERS, ...headers } });
    expect([String(answer.status), corsOf(answer)]).toEqual([status, READABLE]);
    expect(await answer.json()).toMatchObject({ src: 'paddock' });
  });
});

it.each(['http://localhost:5174', 'https://localhost:5173', 'https://chat.example.evil', 'null'])(
  'pages of %s can read nothing',
  async (origin) => {
    const app = makeApp(SETTINGS);
    for (const [path, init] of [
      ['/api/roles', { headers: { origin } }],
      ['/api/roles', { ...PREFLIGHT, headers: { ...PREFLIGHT.headers, origin } }],
      ['/upstream/a/m/x', { ...PREFLIGHT, headers: { ...PREFLIGHT.headers, origin } }],
    ] as const) {
      // Vary keeps caches from serving it to a listed origin.
      expect(corsOf(await app.ask(path, init))).toEqual({ vary: 'Origin' });
    }
  },
);

it('sends no CORS headers without CORS_ORIGINS', async () => {
  const app = makeApp({ PROVIDERS: SETTINGS.PROVIDERS });
  expect(corsOf(await app.ask('/api/roles', { headers: HEADERS }))).toEqual({});
  expect((await app.ask('/api/roles', PREFLIGHT)).status).toBe(405);
});
