import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open } from '../call.ts';
import { createRecorder, type Recorder } from '../recorder.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const ORIGIN = 'http://localhost:5173';
const CHAT = '/v1/chat/completions';
const body = '{"model":"a/m","stream":true}';

const ACCESS = { API_KEYS: 'other,alice:k3y', CORS_ORIGINS: ORIGIN };

describe.each(RUNTIMES)('access with keys and CORS_ORIGINS on %s', (_name, make) => {
  const host: Recorder = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    const at = `0ne-t0ken@127.0.0.1:${host.port}`;
    const PROVIDERS = `a=openai://${at} b=llama-swap://${at}`;
    paddock = await runtime.start({ PROVIDERS, ...ACCESS });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });
  beforeEach(() => {
    host.received.length = 0;
  });

  it.each([
    ['/v1/v1/messages', 401],
    ['/chat/completions', 401],
    ['/health/', 200],
  ])('checks the key of the corrected path: %s gets %i without one', async (path, status) => {
    const method = status === 200 ? 'GET' : 'POST';
    const reply = await call(paddock.url + path, { method, ...(method === 'POST' && { body }) });
    expect(reply.status).toBe(status);
    expect(reply.headers).toHaveProperty('x-paddock-note');
    expect(host.received).toEqual([]);
  });

  const headers = { origin: ORIGIN, authorization: 'Bearer k3y' };

  it('returns 401 without a key, readable for a page of a listed origin', async () => {
    const reply = await call(paddock.url + CHAT, { body, headers: { origin: ORIGIN } });
    expect(reply.status).toBe(401);
    expect(reply.headers).toMatchObject({
      'www-authenticate': 'Bearer realm="paddock"',
      'access-control-allow-origin': ORIGIN,
    });
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'unauthorized' } });
    expect(host.received).toEqual([]);
  });

  it.each([
    ['a bearer', { authorization: 'Bearer k3y' }],
    ['x-api-key', { 'x-api-key': 'k3y' }],
    ['Basic', { authorization: `Basic ${Buffer.from('anyone:k3y').toString('base64')}` }],
  ])('accepts a key as %s', async (_way, sent: Record<string, string>) => {
    const at = `${paddock.url}/api/roles`;
    expect((await call(at, { method: 'GET', headers: sent })).status).toBe(200);
  });

  it.each([
    '//api/models',
    '/health/../api/models',
    '/docs/..%2fapi/models',
    '/picker.js%00/../api/models',
    '/api/models;/health',
    '/api/models%20',
    '/./api/models',
    '/API/models',
    '/%2e%2e/api/models',
    '/health?/../api/models',
    'http://127.0.0.1/api/models',
    'http://localhost:1/upstream/a/m/x',
  ])('requires a key for the path %s', async (path) => {
    const reply = await call(paddock.url, { method: 'GET', path });
    if (path.startsWith('/health?')) expect(reply.text).toBe('{"status":"ok"}');
    // The runtime itself refuses some of these paths.
    else expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.text).not.toContain('"providers"');
    // An earlier test's request may have started a probe.
    const probes = new Set<unknown>(['/v1/models', '/running']);
    expect(host.received.filter(({ url }) => !probes.has(url))).toEqual([]);
  });

  it('streams to a page, and does not send the key to the upstream', async () => {
    let goOn = () => {};
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      goOn = () => void response.end('data: two\n\n');
    });
    const { answer } = await open(paddock.url + CHAT, { body, headers }).opened;
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'x-paddock-provider': 'a',
      'x-accel-buffering': 'no',
    });
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += String(chunk)));
    await expect.poll(() => text).toBe('data: one\n\n');
    goOn();
    await expect.poll(() => text).toBe('data: one\n\ndata: two\n\n');
    expect(host.received[0]?.headers.authorization).toBe('Bearer 0ne-t0ken');
    expect(JSON.stringify(host.received[0]?.headers)).not.toContain('k3y');
  });

  it('passes an encoded answer on unchanged', async () => {
    const bytes = gzipSync('page '.repeat(1000));
    host.reply((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes));
    const reply = await call(`${paddock.url}/upstream/b/m/`, {
      method: 'GET',
      headers: { ...headers, 'accept-encoding': 'gzip' },
    });
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'content-encoding': 'gzip',
      'content-security-policy': 'sandbox',
    });
    expect(reply.body.equals(bytes)).toBe(true);
  });

  it('ends the upstream request when the page leaves', async () => {
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
    });
    const before = host.brokenOff();
    const { answer, leave } = await open(paddock.url + CHAT, { body, headers }).opened;
    answer.on('error', () => {});
    leave();
    await expect.poll(() => host.brokenOff(), { timeout: 3000 }).toBe(before + 1);
  });
});

describe.each(RUNTIMES)('foreign origins and host names on %s', (_name, make) => {
  const host: Recorder = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    // On Workers, any host name is allowed unless ALLOWED_HOSTS is set.
    paddock = await runtime.start({
      PROVIDERS,
      CORS_ORIGINS: ORIGIN,
      ALLOWED_HOSTS: 'gate.example',
    });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });
  beforeEach(() => {
    host.received.length = 0;
  });

  it.each<[string, string, Record<string, string>]>([
    [
      'a form of another origin',
      CHAT,
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
    ],
    ['the origin null', CHAT, { origin: 'null' }],
    ['a cross-site request without an origin', CHAT, { 'sec-fetch-site': 'cross-site' }],
    ['a listed origin with another scheme', CHAT, { origin: ORIGIN.replace('http', 'https') }],
  ])('returns 403 for %s', async (_way, path, headers) => {
    const reply = await call(paddock.url + path, { body, headers });
    expect([reply.status, JSON.parse(reply.text).error.code]).toEqual([403, 'forbidden_origin']);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    expect(host.received).toEqual([]);
  });

  it('returns 403 for a cross-site image', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    for (const path of ['/upstream/a/m/x', '/%75pstream/a/m/x', '/props?model=a/m']) {
      const { status } = await call(paddock.url, { method: 'GET', path, headers });
      expect([path, status]).toEqual([path, 403]);
    }
    expect(host.received).toEqual([]);
  });

  it.each(['evil.example', '127.0.0.1.evil.com:80', 'evil.com:80@localhost', 'x y'])(
    'refuses the host name %s',
    async (name) => {
      for (const path of ['/api/models', '/upstream/a/m/x', '/', '/docs']) {
        const reply = await call(paddock.url + path, { method: 'GET', headers: { host: name } });
        // The runtime itself may refuse an invalid name: workerd with 500.
        if (/^[\w.:]+$/u.test(name)) expect(reply.status).toBe(403);
        else expect([400, 403, 500]).toContain(reply.status);
      }
      expect(host.received).toEqual([]);
    },
  );

  it.each(['localhost:1', 'GATE.example.', '[::1]', 'desktop', 'lab.tail1.ts.net'])(
    'accepts the host name %s',
    async (name) => {
      const headers = { host: name, origin: `https://${name.toLowerCase()}` };
      const reply = await call(paddock.url + CHAT, { body, headers });
      expect(reply.status).toBe(200);
    },
  );

  it('answers preflights and requests of listed origins', async () => {
    const asking = { origin: ORIGIN, 'access-control-request-method': 'POST' };
    const preflight = await call(paddock.url + CHAT, { method: 'OPTIONS', headers: asking });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([
      204,
      ORIGIN,
    ]);
    const foreign = { ...asking, origin: 'https://evil.example' };
    const refused = await call(paddock.url + CHAT, { method: 'OPTIONS', headers: foreign });
    expect(Object.keys(refused.headers).join()).not.toContain('access-control');
    const headers = { origin: ORIGIN, 'sec-fetch-site': 'cross-site' };
    expect((await call(paddock.url + CHAT, { body, headers })).status).toBe(200);
    expect(host.received).toHaveLength(1);
  });
});
