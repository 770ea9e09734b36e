import { describe, expect, it } from 'vitest';
import { startModels, whileTesting } from '../hosts.ts';
import { makeApp, put, type TestApp } from '../make-app.ts';
import { startRecorder } from '../recorder.ts';

const KEYS = { PROVIDERS: 'a=llama-swap://127.0.0.1:9', API_KEYS: 's3cret,alice:al1ce:key' };
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const statusOf = async (app: TestApp, headers: Record<string, string>, path = '/api/roles') =>
  (await app.ask(path, { headers })).status;

describe('with API_KEYS', () => {
  it.each([
    ['a bearer', { authorization: 'Bearer s3cret' }],
    ['a bearer in small letters', { authorization: 'bearer s3cret' }],
    ['x-api-key', { 'x-api-key': 's3cret' }],
    ['the password of Basic', { authorization: basic('anyone:s3cret') }],
    ['the password of Basic without a user', { authorization: basic(':s3cret') }],
    ['a key with a colon', { authorization: 'Bearer al1ce:key' }],
    ['a key with a colon in Basic', { authorization: basic('alice:al1ce:key') }],
    ['one valid key of two', { authorization: 'Bearer any', 'x-api-key': 's3cret' }],
  ])('accepts %s', async (_, headers) => {
    expect(await statusOf(makeApp(KEYS), headers)).toBe(200);
  });

  it.each([
    ['no key', {}, /API key is required.*Bearer KEY/],
    ['another key', { authorization: 'Bearer s3cre' }, /The API key is not valid/],
    ['the name of a key', { 'x-api-key': 'alice' }, /not valid/],
    ['a name with its key', { 'x-api-key': 'alice:al1ce:key' }, /not valid/],
    ['the key as a user of Basic', { authorization: basic('s3cret:') }, /not valid/],
    ['a key without its scheme', { authorization: 's3cret' }, /API key is required/],
    ['invalid Basic', { authorization: 'Basic s3cret' }, /API key is required/],
    ['an empty key', { 'x-api-key': '' }, /not valid/],
    ['two keys in one', { authorization: 'Bearer s3cret s3cret' }, /API key is required/],
  ] as [string, Record<string, string>, RegExp][])('refuses %s', async (_, headers, message) => {
    const answer = await makeApp(KEYS).ask('/api/models', { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="paddock"');
    expect(await answer.json()).toEqual({
      src: 'paddock',
      error: {
        message: expect.stringMatching(message),
        type: 'invalid_request_error',
        param: null,
        code: 'unauthorized',
      },
    });
  });

  it('answers 401 on every route and every unknown path', async () => {
    const app = makeApp(KEYS);
    const { paths } = await app.read('/openapi.json', { headers: { 'x-api-key': 's3cret' } });
    const routes = Object.entries<any>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method, path.replaceAll(/\{\w+\}/g, 'a')] as const),
    );
    expect(routes.length).toBeGreaterThan(40);
    const more = [
      ['get', '/openapi.json'],
      ['post', '/health'],
      ['put', '/docs'],
      ['get', '/nope'],
      ['get', '/metrics'],
      ['get', '/favicon.ico'],
      ['get', '/api/../api/models'],
      ['get', '/health/../api/models'],
      ['get', '//health'],
      ['get', '//api/models'],
      ['get', '/health/'],
      ['get', '/Health'],
      ['get', '/api/models/'],
      ['get', '/API/MODELS'],
      ['get', '/%61pi/models'],
      ['get', '/api%2Fmodels'],
      ['get', '/docs%2F..%2Fapi%2Fmodels'],
      ['get', '/picker.js/api/models'],
      ['get', '/api/models?x=/health'],
      ['get', '/%'],
      ['options', '/upstream/a/b'],
      ['options', '/api/models'],
      ['options', '/health'],
      ['purge', '/api/models'],
      ['query', '/upstream/a/b'],
    ] as const;
    // Every GET route answers HEAD too.
    const heads = [...routes, ...more]
      .filter(([method]) => method === 'get')
      .map(([, path]) => ['head', path] as const);
    for (const [method, path] of [...routes, ...more, ...heads]) {
      const { status } = await app.ask(path, { method: method.toUpperCase() });
      // Extra slashes are a client's slip: the key is checked for the corrected path.
      const isHealth = ['/health', '//health', '/health/'].includes(path);
      const isOpen = isHealth && (method === 'get' || method === 'head');
      expect([method, path, status]).toEqual([method, path, isOpen ? 200 : 401]);
    }
  });

  it('refuses in Anthropic’s form on Anthropic’s routes', async () => {
    const answer = await makeApp(KEYS).ask('/v1/messages', { ...put({}), method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      {
        type: 'error',
        src: 'paddock',
        error: { type: 'authentication_error', message: expect.stringMatching(/key/) },
      },
    ]);
  });

  it('requires no key for /health and the pages', async () => {
    const app = makeApp(KEYS);
    expect(await statusOf(app, {}, '/health')).toBe(200);
    for (const path of ['/docs', '/docs/reference.js', '/console/x.js', '/picker.js']) {
      // makeApp has no files.
      expect([path, await statusOf(app, {}, path)]).toEqual([path, 404]);
    }
  });

  it('logs the name of a key, and never the key', async () => {
    const app = makeApp(KEYS);
    for (const headers of [
      { authorization: 'Bearer al1ce:key' },
      { 'x-api-key': 'al1ce:key' },
      { authorization: basic('bob:al1ce:key') },
      { 'x-api-key': 's3cret' },
      { 'x-api-key': 's3cret-but-wrong' },
    ] as Record<string, string>[]) {
      await app.ask('/api/models', { headers });
    }
    expect(app.lines.map(({ client }) => client)).toEqual([
      'alice',
      'alice',
      'alice',
      undefined,
      undefined,
    ]);
    expect(JSON.stringify([app.lines, app.logged])).not.toMatch(/al1ce|s3cret|YWwxY2U/);
  });

  it('sends the key to no upstream', async () => {
    const recorder = await whileTesting(startRecorder());
    const PROVIDERS = `a=openai://0ne-t0ken@127.0.0.1:${recorder.port}`;
    const app = makeApp({ ...KEYS, PROVIDERS });
    for (const headers of [
      { authorization: 'Bearer s3cret' },
      { 'x-api-key': 's3cret' },
      { authorization: basic('x:s3cret') },
    ]) {
      const body = put({ model: 'a/m' });
      const all = { ...body.headers, ...headers } as Record<string, string>;
      const path = '/v1/chat/completions';
      expect((await app.ask(path, { ...body, method: 'POST', headers: all })).status).toBe(200);
    }
    expect(recorder.received).toHaveLength(3);
    for (const { headers } of recorder.received) {
      expect(headers.authorization).toBe('Bearer 0ne-t0ken');
      expect(JSON.stringify(headers)).not.toMatch(/s3cret|eDpzM2NyZXQ/);
    }
  });

  it('has opencode send the key of its environment', async () => {
    const host = await whileTesting(startModels(['x']));
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    const headers = { 'x-api-key': 's3cret' };
    const config = await makeApp({ ...KEYS, PROVIDERS }).read('/api/opencode.json', { headers });
    expect(config.provider.paddock.options.apiKey).toBe('{env:PADDOCK_API_KEY}');
  });

  it('documents the key in OpenAPI', async () => {
    const headers = { 'x-api-key': 's3cret' };
    const closed = await makeApp(KEYS).read('/openapi.json', { headers });
    expect(closed.security).toEqual([{ bearer: [] }, { header: [] }, { basic: [] }]);
    expect(Object.keys(closed.components.securitySchemes)).toEqual(['bearer', 'header', 'basic']);
    expect(closed.paths['/health'].get.security).toEqual([]);
    expect(Object.keys(closed.paths['/health'].get.responses)).not.toContain('401');
    const open = await makeApp({ PROVIDERS: KEYS.PROVIDERS }).read('/openapi.json');
    expect(open.security).toEqual([]);
  });
});

it('without API_KEYS accepts any request', async () => {
  const app = makeApp({ PROVIDERS: KEYS.PROVIDERS });
  expect(await statusOf(app, {})).toBe(200);
  expect(await statusOf(app, { authorization: 'Bearer any' })).toBe(200);
});
