import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../call.ts';
import { whileTesting } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { parseScrape } from '../prometheus.ts';
import { openRaw, readRaw } from '../raw-socket.ts';
import { createRecorder, startRecorder } from '../recorder.ts';
import { makeRuntime, NODE, only, serveOnBun, type Instance, type Runtime } from './runtimes.ts';

const HOST = 'Host: localhost\r\n';
const SECRET = 'Authorization: Bearer s3cret\r\n';
const END = `${SECRET}Connection: close\r\n\r\n`;
const GET = { method: 'GET' };

/** The request ID in the head of an answer. */
function readId(received: string): string | undefined {
  return /^x-request-id: (.+)\r$/im.exec(received)?.[1];
}

describe('bytes that Node’s parser refuses', () => {
  const collector = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await collector.start();
    runtime = makeRuntime(NODE);
    paddock = await runtime.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      LOG_LEVEL: 'debug',
    });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await collector.close();
  });

  /** The log lines of all requests that have ended. */
  const readRequests = async () => {
    const { headers } = await call(`${paddock.url}/health`, GET);
    const read = () => readLines(paddock.output()).filter((line) => 'requestId' in line);
    const isLast = () => read().at(-1)?.['requestId'] === headers['x-request-id'];
    await expect.poll(isLast).toBe(true);
    return read().filter(({ path }) => path !== '/health' && path !== '/metrics');
  };
  const countErrors = async () =>
    parseScrape((await call(`${paddock.url}/metrics`, GET)).text).by(
      'code',
      'paddock_errors_total',
    );

  const bad = { status: 400, code: 'invalid_request' };
  const large = { status: 431, code: 'headers_too_large' };
  it.each<[string, string, { status: number; code: string; method?: string; path?: string }]>([
    ['bytes that are not HTTP', `s3cret\r\n${END}`, bad],
    ['a TLS handshake', '\u0016\u0003\u0001\u0002s3cret', bad],
    ['a malformed head', `GET /s3cret HTTP/1.1\r\n${HOST}X s3cret\r\n\r\n`, bad],
    ['1 MiB of headers', `GET /s3cret HTTP/1.1\r\n${HOST}X: ${'x'.repeat(1 << 20)}\r\n\r\n`, large],
    ['CONNECT', `CONNECT s3cret:80 HTTP/1.1\r\n${HOST}${END}`, { ...bad, method: 'CONNECT' }],
    [
      'no Host header',
      `GET /api/models?s3cret HTTP/1.1\r\n${END}`,
      { ...bad, method: 'GET', path: '/api/models' },
    ],
    [
      'a backslash',
      `PUT /a\\b#s3cret HTTP/1.1\r\n${HOST}${END}`,
      { ...bad, method: 'PUT', path: '/a\\b' },
    ],
    ['no path', `OPTIONS * HTTP/1.1\r\n${HOST}${END}`, { ...bad, method: 'OPTIONS' }],
    [
      'an invalid URL',
      `GET http://me:s3cret@a%/b HTTP/1.1\r\n${HOST}${END}`,
      { ...bad, method: 'GET' },
    ],
  ])('are one log line, one count and one span: %s', async (_what, bytes, seen) => {
    const [lines, counts] = [await readRequests(), await countErrors()];
    const received = await openRaw(paddock.url, bytes).closed;
    const requestId = readId(received);
    const { status, json } = readRaw(received);
    expect([status, requestId]).toEqual([seen.status, expect.stringMatching(/^[\da-f-]{36}$/)]);
    const { method, path, code } = seen;
    const subject = [method, path].map((word) => (word === undefined ? '' : `${word} `)).join('');
    expect((await readRequests()).slice(lines.length)).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId,
        ...(method !== undefined && { method }),
        ...(path !== undefined && { path }),
        status,
        code,
        end: 'complete',
        firstByteMs: 0,
        durationMs: 0,
        msg: `${subject}${status}: ${json.error.message}`,
      },
    ]);
    expect(await countErrors()).toEqual({ ...counts, [code]: (counts[code] ?? 0) + 1 });
    const collected = () => collector.received.map(({ body }) => String(body)).join('');
    await expect.poll(collected).toContain(requestId);
    expect(paddock.output() + collected()).not.toContain('s3cret');
  });

  it('are one log line even if more bytes follow', async () => {
    const before = await readRequests();
    const { socket, closed } = openRaw(paddock.url, 's3cret\r\n');
    const pushing = setInterval(() => socket.writable && socket.write('s3cret\r\n'), 5);
    await closed;
    clearInterval(pushing);
    expect(await readRequests()).toHaveLength(before.length + 1);
  });

  it('are not logged for a silent or reset connection', async () => {
    const before = await readRequests();
    for (const bytes of ['', 'GET /health HTTP/1.1\r\n']) {
      const { socket, closed } = openRaw(paddock.url, bytes);
      await once(socket, 'connect');
      // A reset must come after the bytes have arrived.
      await sleep(100);
      if (bytes === '') socket.end();
      else socket.resetAndDestroy();
      await closed;
    }
    expect(await readRequests()).toEqual(before);
  });
});

it.each(only('Bun'))(
  '%s logs an error outside of the app with its cause and the request ID',
  async () => {
    const host = await whileTesting(startRecorder());
    const settings = { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`, LOG_LEVEL: 'debug' };
    const broken = `await serve({ demo: 'never' });
    Headers.prototype.get = () => { throw new Error('No headers today'); };`;
    const paddock = await serveOnBun(broken, settings);
    const { status, headers, text } = await call(`${paddock.url}/health`, GET);
    expect([status, JSON.parse(text).error.code]).toEqual([500, 'internal_error']);
    const find = () => readLines(paddock.output()).find((line) => 'requestId' in line);
    await expect.poll(find).toMatchObject({
      level: 'error',
      requestId: headers['x-request-id'],
      status: 500,
      code: 'internal_error',
      reason: expect.any(String),
      stack: expect.stringMatching(/\n +at /),
    });
  },
);
