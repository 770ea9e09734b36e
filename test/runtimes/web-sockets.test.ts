import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../call.ts';
import { findDeadPort } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { parseScrape } from '../prometheus.ts';
import { openRaw } from '../raw-socket.ts';
import { dial, openWebSocket as open, refused } from '../web-socket-client.ts';
import { startWebSocketHost, type WebSocketHost } from '../web-socket-host.ts';
import {
  makeRuntime,
  only,
  SERVERS,
  startForTest,
  type Instance,
  type Runtime,
} from './runtimes.ts';

const GET = { method: 'GET' };
const KEY = 's3cret-key';
const MIB = 1 << 20;

const HANDSHAKE = [
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** Waits until a value has not changed for 300 ms. */
async function untilConstant(read: () => unknown): Promise<void> {
  let last: unknown;
  while (last !== read()) {
    last = read();
    await sleep(300);
  }
}

describe.each(SERVERS)('WebSockets through %s', (_name, server) => {
  let host: WebSocketHost;
  let runtime: Runtime;
  let paddock: Instance;
  let at: (path: string) => string;
  const hanging: { destroyed: boolean }[] = [];
  const start = (settings: Record<string, string> = {}) =>
    runtime.start({
      PROVIDERS: `one=llama-swap://pr0vider-key@127.0.0.1:${host.port}/base`,
      LOG_LEVEL: 'info',
      ...settings,
    });
  beforeAll(async () => {
    host = await startWebSocketHost({
      refuse: (socket) => {
        const head = 'HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nx-why: no';
        socket.end(`${head}\r\ntransfer-encoding: chunked\r\n\r\n6\r\nno way\r\n0\r\n\r\n`);
      },
      break: (socket) => socket.destroy(),
      hang: (socket) => {
        hanging.push(socket);
        socket.on('data', () => {}).on('end', () => socket.destroy());
      },
    });
    runtime = makeRuntime(server);
    paddock = await start({
      PROVIDERS: [
        `one=llama-swap://pr0vider-key@127.0.0.1:${host.port}/base`,
        `dead=llama-swap://127.0.0.1:${await findDeadPort()}`,
        'ai=openai://127.0.0.1:9',
      ].join(' '),
    });
    at = (path) => `${paddock.url}/upstream/one/m/${path}`;
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host?.close();
  });
  beforeEach(async () => {
    for (const webSocket of host.open) webSocket.terminate();
    await expect.poll(() => host.open.size).toBe(0);
    host.requests.length = 0;
    host.heard.length = 0;
  });

  /** Waits for the log line of a WebSocket that has ended. */
  const readEnd = async (path: string) => {
    const find = () => readLines(paddock.output()).findLast((line) => line['path'] === path);
    await expect.poll(find, { timeout: 5000 }).toBeDefined();
    return find();
  };

  it('carry text and binary messages of any size in both directions', async () => {
    const { webSocket, messages } = await open(at('echo'));
    const sent = ['', 'grüße ✓', Buffer.alloc(0), Buffer.from([0, 255, 128])];
    sent.push(Buffer.alloc(125, 1), Buffer.alloc(126, 2), Buffer.alloc(65_535, 3));
    sent.push(Buffer.alloc(65_536, 4), Buffer.alloc(5 * MIB, 5), 'x'.repeat(3 * MIB));
    for (const message of sent) webSocket.send(message);
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(sent.length);
    for (const [index, message] of sent.entries()) {
      expect(Buffer.compare(Buffer.from(messages[index] ?? ''), Buffer.from(message))).toBe(0);
      expect(typeof messages[index]).toBe(typeof message);
    }
    webSocket.terminate();
  });

  it('carry a fragmented message with a ping between the fragments', async () => {
    const { webSocket, messages } = await open(at('echo'), { perMessageDeflate: false });
    webSocket.send('on', { fin: false });
    webSocket.ping('now');
    webSocket.send('ce', { fin: true });
    expect(String(await once(webSocket, 'pong'))).toBe('now');
    await expect.poll(() => messages).toEqual(['once']);
    webSocket.terminate();
  });

  it('pass pings on in both directions', async () => {
    const { webSocket } = await open(at('echo'));
    webSocket.ping('from the client');
    expect(String(await once(webSocket, 'pong'))).toBe('from the client');
    const pinged = once(webSocket, 'ping');
    webSocket.send('ping upstream');
    expect(String(await pinged)).toBe('upstream');
    await expect.poll(() => host.heard).toContain('pong: upstream');
    expect(host.heard).toContain('ping: from the client');
    webSocket.terminate();
  });

  it('send the path, the query and the provider’s key, and no credentials of the client', async () => {
    const { webSocket, headers } = await open(at('echo?a=%2F&b=1'), {
      protocols: ['realtime', `openai-insecure-api-key.${KEY}`, 'last.v1'],
      headers: {
        authorization: `Bearer ${KEY}`,
        cookie: `a=${KEY}`,
        'x-api-key': KEY,
        'x-mine': '1',
      },
    });
    const [upgrade] = host.requests;
    expect(upgrade?.url).toBe('/base/upstream/m/echo?a=%2F&b=1');
    expect(upgrade?.headers).toMatchObject({
      authorization: 'Bearer pr0vider-key',
      connection: 'Upgrade',
      upgrade: 'websocket',
      host: `127.0.0.1:${host.port}`,
      'sec-websocket-protocol': 'realtime, last.v1',
      'sec-websocket-version': '13',
      'x-mine': '1',
      'x-request-id': headers['x-request-id'],
    });
    expect(JSON.stringify(upgrade?.headers)).not.toContain(KEY);
    expect(webSocket.protocol).toBe('last.v1');
    expect(headers).toMatchObject({ 'x-paddock-provider': 'one' });
    webSocket.terminate();
  });

  it('select no subprotocol if the upstream selects none', async () => {
    const handshake = [...HANDSHAKE, 'sec-websocket-protocol: a, b', 'host: localhost'];
    const path = new URL(at('echo')).pathname;
    const { socket, received } = openRaw(
      paddock.url,
      `GET ${path} HTTP/1.1\r\n${handshake.join('\r\n')}\r\n\r\n`,
    );
    await expect.poll(received).toMatch(/^HTTP\/1.1 101 /);
    expect(received()).not.toMatch(/sec-websocket-protocol/i);
    socket.destroy();
  });

  it.each([
    ['4001 bye', 'close 4001 bye'],
    ['1000', 'close 1000'],
    ['1011 why', 'close 1011 why'],
  ])('pass on the upstream’s close code: %s', async (closing, message) => {
    const { webSocket, closed } = await open(at(`echo-${closing.slice(0, 4)}`));
    webSocket.send(message);
    expect(await closed).toBe(closing);
    expect(await readEnd(`/upstream/one/m/echo-${closing.slice(0, 4)}`)).toMatchObject({
      status: 101,
      end: 'complete',
      level: 'info',
      provider: 'one',
    });
  });

  it.each([
    [4002, 'gone'],
    [1000, ''],
    [3000, 'x'.repeat(123)],
  ])('pass on the client’s close code: %s', async (code, reason) => {
    const { webSocket, closed } = await open(at('echo'));
    webSocket.close(code, reason);
    expect(await closed).toBe(`${code} ${reason}`.trim());
    await expect.poll(() => host.heard).toEqual([`close: ${code} ${reason}`]);
  });

  it('pass on a close without a code', async () => {
    const { webSocket } = await open(at('echo'));
    webSocket.close();
    await expect.poll(() => host.heard).toEqual(['close: 1005 ']);
  });

  it('close the upstream and are logged when the client vanishes', async () => {
    const { webSocket } = await open(at('client-gone'));
    webSocket.send('silent 12345');
    await expect.poll(() => host.heard).toHaveLength(1);
    webSocket.terminate();
    await expect.poll(() => host.heard.at(-1)).toBe('close: 1006 ');
    expect(await readEnd('/upstream/one/m/client-gone')).toMatchObject({
      status: 101,
      end: 'client_gone',
      bytesIn: expect.toSatisfy((bytes: number) => bytes >= 12 && bytes < 40),
    });
  });

  it('close the client and are logged when the upstream vanishes', async () => {
    const { webSocket, closed } = await open(at('upstream-gone'));
    webSocket.send('hello');
    await once(webSocket, 'message');
    webSocket.send('die');
    expect(await closed).toBe('1006');
    expect(await readEnd('/upstream/one/m/upstream-gone')).toMatchObject({
      level: 'warn',
      status: 101,
      end: 'upstream_gone',
      bytesOut: expect.toSatisfy((bytes: number) => bytes >= 5 && bytes < 20),
    });
  });

  it('pass the upstream’s refusal on', async () => {
    const { status, text, headers } = await refused(at('refuse'));
    expect([status, text, headers['x-why']]).toEqual([403, 'no way', 'no']);
    expect(headers['x-paddock-provider']).toBe('one');
    expect(await readEnd('/upstream/one/m/refuse')).toMatchObject({ status: 403, end: 'complete' });
  });

  it.each([
    ['an unreachable provider', '/upstream/dead/m/x', 502, 'provider_unreachable'],
    ['a provider that closes the connection', '/upstream/one/m/break', 502, 'provider_unreachable'],
    ['an unknown provider', '/upstream/unknown/m/x', 404, 'unknown_provider'],
    ['a provider without /upstream', '/upstream/ai/m/x', 409, 'unsupported_by_provider'],
    ['dots', '/upstream/one/m/..%2fx', 400, 'invalid_request'],
    ['a long URL', `/upstream/one/m/${'x'.repeat(9000)}`, 414, 'uri_too_long'],
    ['another route', '/v1/models', 400, 'invalid_request'],
    ['a POST route', '/v1/responses', 400, 'invalid_request'],
    ['the console', '/', 400, 'invalid_request'],
    ['a missing route', '/nowhere', 400, 'invalid_request'],
  ])('return an error for %s', async (_what, path, status, code) => {
    const answer = await refused(paddock.url + path);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([status, code]);
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403, 'forbidden_origin'],
    ['the origin null', { origin: 'null' }, 403, 'forbidden_origin'],
    ['a foreign host name', { headers: { host: 'evil.example' } }, 403, 'forbidden_host'],
  ])('are refused for %s', async (_what, options, status, code) => {
    const answer = await refused(at('echo'), options);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([status, code]);
    expect(host.requests).toEqual([]);
  });

  it.each([
    ['an old version', 'sec-websocket-version: 13', 'sec-websocket-version: 8'],
    ['an invalid key', 'dGhlIHNhbXBsZSBub25jZQ==', 'abc'],
    ['a header without Upgrade', 'connection: Upgrade', 'connection: keep-alive'],
  ])('return 400 for %s', async (_what, before, after) => {
    const handshake = HANDSHAKE.join('\r\n').replace(before, after);
    const path = new URL(at('echo')).pathname;
    const { socket, received } = openRaw(
      paddock.url,
      `GET ${path} HTTP/1.1\r\nhost: a\r\n${handshake}\r\n\r\n`,
    );
    await expect.poll(received).toMatch(/^HTTP\/1.1 400 .*"invalid_request"/s);
    expect(host.requests).toEqual([]);
    socket.destroy();
  });

  it('are accepted from Paddock’s own pages and listed origins', async () => {
    const listing = await startForTest(start({ CORS_ORIGINS: 'https://app.example' }));
    const url = `${listing.url}/upstream/one/m/echo`;
    for (const origin of [listing.url, 'https://app.example']) {
      const { webSocket, messages } = await open(url, { origin });
      webSocket.send('hi');
      await expect.poll(() => messages).toEqual(['hi']);
      webSocket.terminate();
    }
    expect((await refused(url, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('are accepted on UPSTREAM_PORT from its own pages', async () => {
    const port = await findDeadPort();
    await startForTest(start({ UPSTREAM_PORT: String(port), API_KEYS: `a:${KEY}` }));
    const origin = `http://127.0.0.1:${port}`;
    const auth = `:${KEY}`;
    const { webSocket, messages } = await open(`${origin}/upstream/one/m/echo`, { origin, auth });
    webSocket.send('hi');
    await expect.poll(() => messages).toEqual(['hi']);
    webSocket.terminate();
    const foreign = { origin: paddock.url, auth };
    expect((await refused(`${origin}/upstream/one/m/echo`, foreign)).status).toBe(403);
    expect((await refused(`${origin}/upstream/one/m/echo`)).status).toBe(401);
  });

  it('require a key and count for its limits until they end', async () => {
    const limited = await startForTest(
      start({ API_KEYS: `a:${KEY}`, CONCURRENCY_LIMIT: '2', RATE_LIMIT: '6' }),
    );
    const url = `${limited.url}/upstream/one/m/echo`;
    const withKey = { headers: { authorization: `Bearer ${KEY}` } };
    expect((await refused(url)).status).toBe(401);
    const first = await open(url, withKey);
    const second = await open(url, withKey);
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '6', 'ratelimit-remaining': '5' });
    const third = await refused(url, withKey);
    expect([third.status, third.text]).toEqual([
      429,
      expect.stringContaining('rate_limit_exceeded'),
    ]);
    first.webSocket.close();
    await first.closed;
    second.webSocket.terminate();
    await expect.poll(() => host.heard.length).toBe(2);
    await (await open(url, withKey)).webSocket.terminate();
    await (await open(url, withKey)).webSocket.terminate();
    await expect
      .poll(async () => (await refused(url, withKey)).text)
      .toMatch(/"rate_limit_exceeded"/);
  });

  it('are counted in the metrics', async () => {
    const { webSocket, closed } = await open(at('echo'));
    webSocket.send(Buffer.alloc(100_000));
    await once(webSocket, 'message');
    webSocket.close();
    await closed;
    const read = async () => {
      const scrape = parseScrape((await call(`${paddock.url}/metrics`, GET)).text);
      return scrape.by('status', 'paddock_requests_total')['101'] ?? 0;
    };
    await expect.poll(read).toBeGreaterThan(0);
  });

  it('apply backpressure in both directions', async () => {
    const { webSocket } = await open(at('echo'), { perMessageDeflate: false });
    await expect.poll(() => host.open.size).toBeGreaterThan(0);
    const [upstream] = [...host.open].slice(-1);
    const piece = Buffer.alloc(MIB);
    webSocket.pause();
    for (let sent = 0; sent < 64; sent += 1) upstream?.send(piece);
    await untilConstant(() => upstream?.bufferedAmount);
    expect(upstream?.bufferedAmount).toBeGreaterThan(24 * MIB);
    webSocket.resume();
    await expect.poll(() => upstream?.bufferedAmount, { timeout: 20_000 }).toBe(0);
    upstream?.pause();
    for (let sent = 0; sent < 64; sent += 1) webSocket.send(piece);
    await untilConstant(() => webSocket.bufferedAmount);
    expect(webSocket.bufferedAmount).toBeGreaterThan(24 * MIB);
    upstream?.resume();
    await expect.poll(() => webSocket.bufferedAmount, { timeout: 20_000 }).toBe(0);
    webSocket.terminate();
  });

  it('end the upstream request when the client leaves before the upstream answers', async () => {
    hanging.length = 0;
    const { webSocket } = dial(at('hang'));
    await expect.poll(() => hanging.length).toBe(1);
    webSocket.terminate();
    await expect.poll(() => hanging[0]?.destroyed, { timeout: 5000 }).toBe(true);
    expect(await readEnd('/upstream/one/m/hang')).toMatchObject({
      status: 499,
      end: 'client_gone',
    });
  });

  it('end with 1001 at shutdown and are logged', async () => {
    const ending = await start();
    const { closed } = await open(`${ending.url}/upstream/one/m/echo`);
    const startedAt = performance.now();
    await ending.stop();
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(await closed).toMatch(/^1001/);
    await expect.poll(() => host.heard).toEqual([expect.stringMatching(/^close: 1001/)]);
    expect(readLines(ending.output())).toContainEqual(
      expect.objectContaining({ path: '/upstream/one/m/echo', status: 101, end: 'cut_off' }),
    );
  });

  it('are not created by other upgrade requests, which are answered as plain requests', async () => {
    const path = new URL(at('plain')).pathname;
    const h2c = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk';
    const { socket, received } = openRaw(paddock.url);
    const answers = () => received().split('HTTP/1.1 200 OK').length - 1;
    for (let asked = 1; asked <= 20; asked += 1) {
      const body = 'x'.repeat(asked * 10_000);
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: a\r\n${h2c}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      socket.write(body);
      await expect.poll(answers).toBe(asked);
    }
    expect(received()).toContain('POST without upgrade');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\n\r\n`);
    await expect.poll(received).toMatch(/ 400 Bad Request/);
    socket.destroy();
    expect(paddock.output().includes('Warning')).toBe(false);
    expect((await call(`${paddock.url}/health`, GET)).status).toBe(200);
  });
});

describe.each(only('workerd'))('WebSockets on %s', (_name, make) => {
  let host: WebSocketHost;
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    host = await startWebSocketHost();
    runtime = await make();
    paddock = await runtime.start({ PROVIDERS: `one=llama-swap://127.0.0.1:${host.port}` });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host?.close();
  });

  it.each([
    ['/upstream/one/m/echo', 501, 'unsupported_by_runtime'],
    ['/upstream/unknown/m/echo', 404, 'unknown_provider'],
    ['/v1/models', 400, 'invalid_request'],
  ])('return an error for %s', async (path, status, code) => {
    const answer = await refused(paddock.url + path);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([status, code]);
    expect(host.requests).toEqual([]);
  });
});
