import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open, type Call } from '../call.ts';
import { findDeadPort } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { makeFolder } from '../make-app.ts';
import { createRecorder } from '../recorder.ts';
import { SERVERS, startForTest, startServer } from './runtimes.ts';

const GET = { method: 'GET' };
const KEY = 'k3y-0f-paddock';
const toBasic = (password: string) =>
  `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;

describe.each(SERVERS)('UPSTREAM_PORT on %s', (_name, server) => {
  const host = createRecorder();
  let listening = false;
  beforeEach(async () => {
    if (!listening) await host.start();
    listening = true;
    host.received.length = 0;
    host.reply((response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': 'sandbox',
        'clear-site-data': '"*"',
        'service-worker-allowed': '/',
        'set-cookie': 'a=b',
        'x-kept': 'yes',
      });
      response.end('<script>1</script>');
    });
  });
  afterAll(() => host.close());

  async function start(settings: Record<string, string> = {}) {
    const port = await findDeadPort();
    const paddock = await startForTest(
      startServer(server, {
        cwd: makeFolder(),
        settings: {
          PROVIDERS: `one=llama-swap://0ne-t0ken@127.0.0.1:${host.port} two=openai://127.0.0.1:9`,
          UPSTREAM_PORT: String(port),
          ...settings,
        },
      }),
    );
    const pages = `http://127.0.0.1:${port}`;
    const ask = (path: string, options: Call = GET) => call(pages + path, options);
    return { paddock, pages, port, ask };
  }

  it('accepts the same keys as PORT, and counts wrong keys of both ports together', async () => {
    const keys = { API_KEYS: 'us3r', ADMIN_KEYS: 'adm1n', METRICS_KEYS: 'm3trics' };
    const { ask, paddock } = await start(keys);
    const askWith = async (key: string) =>
      (await ask('/upstream/one/m/', { ...GET, headers: { authorization: toBasic(key) } })).status;
    expect([await askWith('us3r'), await askWith('adm1n')]).toEqual([200, 200]);
    expect([await askWith('m3trics'), await askWith('any')]).toEqual([403, 401]);
    const headers = { 'x-api-key': 'wr0ng' };
    const guess = () => call(`${paddock.url}/api/roles`, { ...GET, headers });
    await Promise.all(Array.from({ length: 19 }, guess));
    const sentAt = performance.now();
    expect(await askWith('any')).toBe(401);
    expect(performance.now() - sentAt).toBeGreaterThan(500);
    expect(paddock.output()).toContain('wrong keys came from 127.0.0.1');
  });

  it('serves pages with scripts and with the same allowed headers', async () => {
    const { ask, paddock } = await start();
    const { status, headers, text } = await ask('/upstream/one/org%2Fm/?q', {
      ...GET,
      headers: { 'sec-fetch-site': 'none', 'accept-encoding': 'gzip' },
    });
    expect([status, text]).toEqual([200, '<script>1</script>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      'x-frame-options': 'SAMEORIGIN',
      'x-kept': 'yes',
      'x-paddock-provider': 'one',
    });
    for (const name of [
      'content-security-policy',
      'clear-site-data',
      'service-worker-allowed',
      'set-cookie',
    ]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(host.received[0]?.url).toBe('/upstream/org%2Fm/?q');
    expect(host.received[0]?.headers.authorization).toBe('Bearer 0ne-t0ken');
    expect(host.received[0]?.headers['accept-encoding']).toBe('gzip');
    const line = () => readLines(paddock.output()).find(({ provider }) => provider === 'one');
    await expect.poll(line).toMatchObject({ route: '/upstream/{provider}/{rest}', status: 200 });
    const metrics = await call(`${paddock.url}/metrics`, GET);
    expect(metrics.text).toMatch(/route="\/upstream\/\{provider\}\/\{rest\}"/);
  });

  it('serves nothing else', async () => {
    const { ask, paddock, port } = await start();
    expect(paddock.output()).toContain(`:${port}/upstream/`);
    for (const path of [
      '/',
      '/health',
      '/api/models',
      '/v1/models',
      '/v1/chat/completions',
      '/props?model=one/m',
      '/picker.js',
      '/metrics',
      '/upstreams/one/m',
      '/Upstream/one/m',
    ]) {
      for (const method of ['GET', 'POST']) {
        const { status, text } = await ask(path, { method });
        expect([path, status, JSON.parse(text).error.code]).toEqual([path, 404, 'not_found']);
      }
    }
    for (const [path, code] of [
      ['/upstream/unknown/m/', 'unknown_provider'],
      ['/upstream/two/m/', 'unsupported_by_provider'],
      ['/upstream/one%2f../api', 'invalid_request'],
    ] as const) {
      expect(JSON.parse((await ask(path)).text).error.code).toBe(code);
    }
    expect(host.received).toEqual([]);
  });

  it('asks browsers for a key with Basic authentication', async () => {
    const { ask, paddock } = await start({ API_KEYS: `alice:${KEY}` });
    const path = '/upstream/one/m/';
    const refused = await ask(path);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/^Basic realm="[^"]+"/);
    const wrong = await ask(path, { ...GET, headers: { authorization: toBasic('wrong') } });
    expect(wrong.status).toBe(401);
    expect((await ask('/favicon.ico')).status).toBe(401);
    for (const headers of [
      { authorization: toBasic(KEY) },
      { authorization: `Bearer ${KEY}` },
      { 'x-api-key': KEY },
    ] as Record<string, string>[]) {
      expect((await ask(path, { ...GET, headers })).status).toBe(200);
    }
    expect(JSON.stringify(host.received)).not.toContain(KEY);
    const main = await call(`${paddock.url}/api/models`, GET);
    expect(main.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('refuses requests of other origins, except links of the same site', async () => {
    const { ask, pages, paddock, port } = await start({ CORS_ORIGINS: 'https://chat.example' });
    const path = '/upstream/one/m/';
    const foreign: [string, Record<string, string>][] = [
      ['GET', { 'sec-fetch-site': 'cross-site' }],
      ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
      ['GET', { 'sec-fetch-site': 'same-site' }],
      [
        'GET',
        { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      ],
      ['GET', { origin: 'https://chat.example' }],
      ['GET', { 'sec-fetch-site': 'cross-site', referer: 'https://chat.example/' }],
      ['POST', { origin: 'null' }],
      ['POST', { origin: paddock.url }],
      ['POST', { origin: pages.replace('http:', 'https:').replace(/\d+$/, '1') }],
      ['OPTIONS', { origin: 'https://chat.example', 'access-control-request-method': 'PUT' }],
    ];
    for (const [method, headers] of foreign) {
      const answer = await ask(path, { method, headers });
      expect([method, headers, answer.status]).toEqual([method, headers, 403]);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(host.received).toEqual([]);
    const own: [string, Record<string, string>][] = [
      ['GET', { 'sec-fetch-site': 'none' }],
      ['GET', { 'sec-fetch-site': 'same-origin' }],
      ['POST', { origin: pages, 'sec-fetch-site': 'same-origin' }],
      [
        'GET',
        {
          'sec-fetch-site': 'same-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      ],
      ['GET', { 'service-worker': 'script', 'sec-fetch-site': 'same-origin' }],
    ];
    for (const [method, headers] of own) {
      expect((await ask(path, { method, headers })).status).toBe(200);
    }
    // For PORT, the pages of UPSTREAM_PORT are of another origin.
    const back = await call(`${paddock.url}/props?model=one/m`, {
      method: 'GET',
      headers: { 'sec-fetch-site': 'same-site', referer: `${pages}/` },
    });
    expect(back.status).toBe(403);
    const posted = await call(`${paddock.url}/api/unload`, {
      body: '{"model":"one/m"}',
      headers: { origin: `http://127.0.0.1:${port}` },
    });
    expect(posted.status).toBe(403);
    const name = await ask(path, { ...GET, headers: { host: 'evil.example' } });
    expect(JSON.parse(name.text).error.code).toBe('forbidden_host');
  });

  it('shares RATE_LIMIT with PORT', async () => {
    const { ask, paddock } = await start({ RATE_LIMIT: '3' });
    const remaining = [];
    for (const at of [`${paddock.url}/api/roles`, null, `${paddock.url}/upstream/one/m/`]) {
      const answer = await (at === null ? ask('/upstream/one/m/') : call(at, GET));
      remaining.push([answer.status, answer.headers['ratelimit-remaining']]);
    }
    expect(remaining).toEqual([
      [200, '2'],
      [200, '1'],
      [200, '0'],
    ]);
    expect((await ask('/upstream/one/m/')).status).toBe(429);
    expect((await call(`${paddock.url}/api/roles`, GET)).status).toBe(429);
  });

  it('shares CONCURRENCY_LIMIT with PORT', async () => {
    const { ask, paddock } = await start({ CONCURRENCY_LIMIT: '1' });
    host.reply(() => {});
    const waiting = open(`${paddock.url}/upstream/one/m/`, GET);
    waiting.opened.catch(() => {});
    await expect.poll(() => host.received.length).toBe(1);
    expect((await ask('/upstream/one/m/')).status).toBe(429);
    host.reply((response) => response.end('ok'));
    waiting.leave();
    await expect.poll(async () => (await ask('/upstream/one/m/')).status).toBe(200);
  });

  it('completes running answers at shutdown and accepts no new requests', async () => {
    const { ask, paddock, pages } = await start();
    let goOn = () => {};
    host.reply((response) => {
      response.writeHead(200).write('one');
      goOn = () => void response.end('two');
    });
    const { answer } = await open(`${pages}/upstream/one/m/`, GET).opened;
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += String(chunk)));
    await expect.poll(() => text).toBe('one');
    paddock.signal('SIGTERM');
    await expect.poll(() => ask('/').catch(() => null)).toBeNull();
    goOn();
    expect(await paddock.ended).toBe(0);
    await sleep(20);
    expect(text).toBe('onetwo');
  });

  it('is in the list of providers for those that have pages', async () => {
    const { paddock, port } = await start({ UPSTREAM_PORT: '0' });
    expect(port).toBeGreaterThan(0);
    const [, real] = /:(\d+)\/upstream\//u.exec(paddock.output()) ?? [];
    const { providers } = JSON.parse((await call(`${paddock.url}/api/providers`, GET)).text);
    expect(providers.map((provider: any) => [provider.name, provider.upstreamPort])).toEqual([
      ['one', Number(real)],
      ['two', undefined],
    ]);
    const answer = await call(`http://127.0.0.1:${real}/upstream/one/m/`, GET);
    expect(answer.status).toBe(200);
  });

  it('is closed if it is not set', async () => {
    const { paddock, ask } = await start({ UPSTREAM_PORT: '' });
    await expect(ask('/upstream/one/m/')).rejects.toThrow('ECONNREFUSED');
    const { providers } = JSON.parse((await call(`${paddock.url}/api/providers`, GET)).text);
    expect(providers[0]).not.toHaveProperty('upstreamPort');
  });

  it('is a fault if it is in use or equal to PORT', async () => {
    const taken = start({ UPSTREAM_PORT: String(host.port) });
    await expect(taken).rejects.toThrow(/It ended \(1\).*is in use.*set UPSTREAM_PORT/s);
    const port = String(await findDeadPort());
    await expect(start({ PORT: port, UPSTREAM_PORT: port })).rejects.toThrow(
      /It ended \(2\).*UPSTREAM_PORT.*another port than PORT/s,
    );
  });
});
