import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliverOnNode } from '../../../src/runtime/node/deliver-on-node.ts';
import { createRedact } from '../../../src/telemetry/redact.ts';
import { createNodeServer } from '../../../src/runtime/node/node-server.ts';
import { createNodeTransport } from '../../../src/runtime/node/node-transport.ts';
import { createRefuse } from '../../../src/runtime/refuse.ts';
import { call } from '../../call.ts';
import { whileTesting } from '../../hosts.ts';
import { makeApp } from '../../make-app.ts';
import { openRaw, readRaw } from '../../raw-socket.ts';
import { startRecorder, type Reply } from '../../recorder.ts';

/** Starts Paddock on Node's server in this process, with short timeouts. */
async function serve(timeouts: { bodyMs?: number } = {}): Promise<string> {
  return (await serveWith(timeouts)).url;
}

/** Starts it, and returns its upstream and its app too. */
async function serveWith({ bodyMs = 400, headMs = 400 } = {}, reply?: Reply) {
  const host = await whileTesting(startRecorder(reply));
  const { inbound, transport, serve: bind } = createNodeTransport();
  // With a configured window, the provider receives only the clients' requests.
  const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}?context=4096`;
  const app = makeApp(
    { PROVIDERS, MAX_BODY_BYTES: '100000' },
    { bodyMs, deliver: deliverOnNode, inbound, transport },
  );
  const refuse = createRefuse([{ ended: app.log.request }], createRedact([]));
  const url = await listen(createNodeServer(bind(app.fetch), { refuse, headMs }));
  return { url, host, app };
}

/** Starts a server until the test ends. */
async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const HOST = 'Host: localhost\r\n';
const POST = `POST /v1/chat/completions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

describe('Node’s server', () => {
  it.each([
    ['an invalid request line', 'NONSENSE\r\n\r\n', 400],
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['an invalid Host', 'GET / HTTP/1.1\r\nHost: a b@c\r\nConnection: close\r\n\r\n', 400],
    ['a backslash', `GET /a\\b HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 400],
    ['no path', `OPTIONS * HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 400],
    ['a proxy’s CONNECT', `CONNECT a:80 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['two lengths', `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['an invalid chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`, 400],
    ['50 KiB of URL', `GET /${'u'.repeat(50 << 10)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['1 MiB of headers', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(1 << 20)}\r\n\r\n`, 431],
  ])(
    'answers an error in Paddock’s form for %s, and closes the connection',
    async (_what, bytes, status) => {
      const received = await openRaw(await serve(), bytes).closed;
      const code = status === 400 ? 'invalid_request' : 'headers_too_large';
      expect(readRaw(received)).toEqual({
        status,
        json: { src: 'paddock', error: expect.objectContaining({ code }) },
      });
    },
  );

  it.each([
    ['a URL of 8 KiB and 31 KiB of headers', 'Cookie: '.padEnd(31 << 10, 'c')],
    ['an expectation', 'Expect: tea'],
  ])('accepts %s', async (_what, header) => {
    const target = '/api/resolve?model=a/m&x='.padEnd(8 << 10, 'x');
    const bytes = `GET ${target} HTTP/1.1\r\n${HOST}${header}\r\nConnection: close\r\n\r\n`;
    expect(readRaw(await openRaw(await serve(), bytes).closed).status).toBe(200);
  });

  it('writes nothing into an answer that has begun, when invalid bytes follow on its connection', async () => {
    const { url } = await serveWith({}, (response) => void response.write('one'));
    const { socket, received, closed } = openRaw(
      url,
      `${POST}Content-Length: 15\r\n\r\n{"model":"a/m"}`,
    );
    await expect.poll(received).toMatch(/one/);
    socket.write('NONSENSE\r\n\r\n');
    expect((await closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('ends all pipelined requests when their connection closes', async () => {
    const { url, host, app } = await serveWith({}, (response) => void response.write('one'));
    const post = `${POST}Content-Length: 15\r\n\r\n{"model":"a/m"}`;
    const { socket, received } = openRaw(url, post.repeat(3));
    await expect.poll(received).toMatch(/one/);
    await expect.poll(host.begun).toBe(3);
    socket.destroy();
    await expect.poll(host.brokenOff).toBe(3);
    await expect.poll(() => app.lines.length).toBe(3);
    expect(app.lines.map(({ end }) => end)).toEqual(Array.from({ length: 3 }, () => 'client_gone'));
  });

  it('answers pipelined requests in order', async () => {
    const { url, app } = await serveWith();
    const post = `${POST}Content-Length: 15\r\n\r\n{"model":"a/m"}`;
    const { received } = openRaw(url, post.repeat(30));
    await expect.poll(() => received().match(/"name":"ok"/g)?.length).toBe(30);
    expect(new Set(app.lines.map(({ end }) => end))).toEqual(new Set(['complete']));
  });

  it.each([
    ['nothing', ''],
    ['a truncated head', `GET /health HTTP/1.1\r\n${HOST}`],
  ])('answers 408 on a connection that sends %s, and closes it', async (_what, bytes) => {
    const { url, app } = await serveWith();
    const received = await openRaw(url, bytes).closed;
    expect(readRaw(received)).toMatchObject({
      status: 408,
      json: { error: { code: 'request_timeout' } },
    });
    expect(app.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        status: 408,
        code: 'request_timeout',
        msg: expect.stringMatching(/^408: The request took too long/),
      }),
    ]);
  });

  it.each([
    ['a rejection', () => Promise.reject(new Error('unexpected'))],
    [
      'a throw',
      () => {
        throw new Error('unexpected');
      },
    ],
  ])(
    'logs an unexpected error with the request ID, and hides it from the client: %s',
    async (_, handle) => {
      const { lines, log } = makeApp({});
      const refuse = createRefuse([{ ended: log.request }], createRedact([]));
      const { status, headers, text } = await call(
        await listen(createNodeServer(handle, { refuse })),
      );
      expect([status, JSON.parse(text).error.code]).toEqual([500, 'internal_error']);
      expect(text).not.toContain('unexpected');
      expect(lines).toEqual([
        expect.objectContaining({
          level: 'error',
          requestId: headers['x-request-id'],
          status: 500,
          code: 'internal_error',
          reason: 'unexpected',
        }),
      ]);
    },
  );

  it('closes a connection whose head arrives one byte at a time', async () => {
    const { socket, closed } = openRaw(await serve(), `GET /health HTTP/1.1\r\n${HOST}X: `);
    const trickle = setInterval(() => socket.write('x'), 20);
    expect(readRaw(await closed).status).toBe(408);
    clearInterval(trickle);
  });

  it.each([
    ['JSON', 'Content-Length: 90000', '/v1/chat/completions'],
    ['JSON without a length', 'Transfer-Encoding: chunked', '/v1/chat/completions'],
    ['JSON for Paddock', 'Content-Length: 90000', '/api/unload'],
    ['a body that is passed on unchanged', 'Content-Length: 90000', '/upstream/a/m'],
  ])(
    'refuses a body that arrives one byte at a time, and closes the connection: %s',
    async (_what, length, path) => {
      const head = POST.replace('/v1/chat/completions', path);
      const { socket, closed } = openRaw(await serve(), `${head}${length}\r\n\r\n`);
      const byte = length.startsWith('Transfer') ? '1\r\n \r\n' : ' ';
      const trickle = setInterval(() => socket.write(byte), 20);
      const received = await closed;
      clearInterval(trickle);
      expect(readRaw(received)).toMatchObject({
        status: 408,
        json: { error: { code: 'request_timeout' } },
      });
      expect(received).toMatch(/^x-request-id: /im);
    },
  );

  it('accepts a slow body within the time limit', async () => {
    const url = await serve({ bodyMs: 5000 });
    const { socket, received } = openRaw(url, `${POST}Content-Length: 15\r\n\r\n`);
    for (const byte of '{"model":"a/m"}') {
      await sleep(40);
      socket.write(byte);
    }
    await expect.poll(received).toMatch(/^HTTP\/1.1 200 OK/);
    socket.destroy();
  });

  it.each([
    ['JSON', '/v1/chat/completions', 'application/json'],
    ['a form', '/v1/audio/transcriptions', 'multipart/form-data; boundary=x'],
    ['a body that is passed on unchanged', '/upstream/a/m', 'text/plain'],
    ['JSON for Paddock', '/api/unload', 'application/json'],
  ])(
    'refuses a body that is too large before it ends, and closes the connection: %s',
    async (_, path, type) => {
      const head = `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\n`;
      const url = await serve({ bodyMs: 60_000 });
      for (const [length = '', piece = ''] of [
        ['Content-Length: 1000000000', ' '.repeat(1000)],
        // So much at once that the limit for bytes that are dropped is soon reached.
        ['Transfer-Encoding: chunked', `40000\r\n${' '.repeat(0x40000)}\r\n`],
      ]) {
        const { socket, closed } = openRaw(url, `${head}${length}\r\n\r\n`);
        const push = () => socket.writable && !socket.writableNeedDrain && socket.write(piece);
        const pushing = setInterval(push, 1);
        const received = await closed;
        clearInterval(pushing);
        expect(readRaw(received)).toMatchObject({
          status: 413,
          json: { error: { code: 'body_too_large' } },
        });
      }
    },
  );
});
