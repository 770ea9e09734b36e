import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open } from '../call.ts';
import { createRecorder, type Recorder } from '../recorder.ts';
import { BARE_RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const ORIGIN = 'http://localhost:5173';
const CHAT = '/v1/chat/completions';
const body = '{"model":"a/m","stream":true}';

/** Settings that stand between every request and its route. */
const ACCESS = { API_KEYS: 'other,alice:k3y', CORS_ORIGINS: ORIGIN };

describe.each(BARE_RUNTIMES)('keys and origins on %s', (_name, make) => {
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

  const headers = { origin: ORIGIN, authorization: 'Bearer k3y' };

  it('let nobody in without a key, and say so to a page too', async () => {
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
  ])('let in who sends one as %s', async (_way, sent: Record<string, string>) => {
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
  ])('let nobody in by a path such as %s', async (path) => {
    const reply = await call(paddock.url, { method: 'GET', path });
    if (path.startsWith('/health?')) expect(reply.text).toBe('{"status":"ok"}');
    // A file that is not there, or what the runtime itself does not take, is none either.
    else expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.text).not.toContain('"providers"');
    // An earlier test's request may have started a probe.
    const probes = new Set<unknown>(['/v1/models', '/running']);
    expect(host.received.filter(({ url }) => !probes.has(url))).toEqual([]);
  });

  it('let a page stream, piece by piece, and keep the key from the host', async () => {
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

  it('let a page have what is encoded as it is, and never encoded twice', async () => {
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

  it('let a page that goes away end the host’s work', async () => {
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

describe.each(BARE_RUNTIMES)('foreign pages and names on %s', (_name, make) => {
  const host: Recorder = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    // On workerd, as on the platform, any name is allowed where nothing else is said.
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
    ['a form', CHAT, { origin: 'https://evil.example', 'content-type': 'text/plain' }],
    ['a frame without an origin', CHAT, { origin: 'null' }],
    ['a browser that says no more', CHAT, { 'sec-fetch-site': 'cross-site' }],
    ['a listed page by another protocol', CHAT, { origin: ORIGIN.replace('http', 'https') }],
  ])('have nothing done by %s', async (_way, path, headers) => {
    const reply = await call(paddock.url + path, { body, headers });
    expect([reply.status, JSON.parse(reply.text).error.code]).toEqual([403, 'forbidden_origin']);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    expect(host.received).toEqual([]);
  });

  it('have nothing loaded by an image', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    for (const path of ['/upstream/a/m/x', '/%75pstream/a/m/x', '/props?model=a/m']) {
      const { status } = await call(paddock.url, { method: 'GET', path, headers });
      expect([path, status]).toEqual([path, 403]);
    }
    expect(host.received).toEqual([]);
  });

  it.each(['evil.example', '127.0.0.1.evil.com:80', 'evil.com:80@localhost', 'x y'])(
    'get nowhere as %s',
    async (name) => {
      for (const path of ['/api/models', '/upstream/a/m/x', '/', '/docs']) {
        const reply = await call(paddock.url + path, { method: 'GET', headers: { host: name } });
        // What is no name the runtime may refuse by itself: workerd with 500.
        if (/^[\w.:]+$/u.test(name)) expect(reply.status).toBe(403);
        else expect([400, 403, 500]).toContain(reply.status);
      }
      expect(host.received).toEqual([]);
    },
  );

  it.each(['localhost:1', 'GATE.example.', '[::1]', 'desktop', 'lab.tail1.ts.net'])(
    'pass as %s',
    async (name) => {
      const headers = { host: name, origin: `https://${name.toLowerCase()}` };
      const reply = await call(paddock.url + CHAT, { body, headers });
      expect(reply.status).toBe(200);
    },
  );

  it('are let in where they are listed, and before they ask', async () => {
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
