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

/** A Paddock on Node's server in this process, which loses its patience soon. */
async function serve(patience: { bodyMs?: number } = {}): Promise<string> {
  return (await serveWith(patience)).url;
}

/** The same, with its host and its app. */
async function serveWith({ bodyMs = 400, headMs = 400 } = {}, reply?: Reply) {
  const host = await whileTesting(startRecorder(reply));
  const { inbound, transport, serve: bind } = createNodeTransport();
  // With its window configured, the provider receives nothing but what clients send.
  const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}?context=4096`;
  const app = makeApp(
    { PROVIDERS, MAX_BODY_BYTES: '100000' },
    { bodyMs, deliver: deliverOnNode, inbound, transport },
  );
  const refuse = createRefuse([{ ended: app.log.request }], createRedact([]));
  const url = await listen(createNodeServer(bind(app.fetch), { refuse, headMs }));
  return { url, host, app };
}

/** Has a server listen for a test. */
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
    ['a line that is none', 'NONSENSE\r\n\r\n', 400],
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b@c\r\nConnection: close\r\n\r\n', 400],
    ['a backslash', `GET /a\\b HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 400],
    ['no path', `OPTIONS * HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 400],
    ['a proxy’s CONNECT', `CONNECT a:80 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['two lengths', `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['a chunk that is none', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`, 400],
    ['50 KiB of URL', `GET /${'u'.repeat(50 << 10)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['1 MiB of headers', `GET / HTTP/1.1\r\n${HOST}X: ${'x'.repeat(1 << 20)}\r\n\r\n`, 431],
  ])(
    'says in the one error shape what is wrong with %s, and closes',
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
  ])('takes %s', async (_what, header) => {
    const target = '/api/resolve?model=a/m&x='.padEnd(8 << 10, 'x');
    const bytes = `GET ${target} HTTP/1.1\r\n${HOST}${header}\r\nConnection: close\r\n\r\n`;
    expect(readRaw(await openRaw(await serve(), bytes).closed).status).toBe(200);
  });

  it('puts nothing into an answer that has begun, whatever comes on its connection', async () => {
    const { url } = await serveWith({}, (response) => void response.write('one'));
    const { socket, received, closed } = openRaw(
      url,
      `${POST}Content-Length: 15\r\n\r\n{"model":"a/m"}`,
    );
    await expect.poll(received).toMatch(/one/);
    socket.write('NONSENSE\r\n\r\n');
    expect((await closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('ends what was asked for at once on one connection when that closes, whoever’s turn it is', async () => {
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

  it('answers in their turn what was asked for at once on one connection', async () => {
    const { url, app } = await serveWith();
    const post = `${POST}Content-Length: 15\r\n\r\n{"model":"a/m"}`;
    const { received } = openRaw(url, post.repeat(30));
    await expect.poll(() => received().match(/"name":"ok"/g)?.length).toBe(30);
    expect(new Set(app.lines.map(({ end }) => end))).toEqual(new Set(['complete']));
  });

  it.each([
    ['nothing', ''],
    ['half a head', `GET /health HTTP/1.1\r\n${HOST}`],
  ])('closes a connection that sends %s, and says why', async (_what, bytes) => {
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
    ['in time', () => Promise.reject(new Error('why'))],
    [
      'at once',
      () => {
        throw new Error('why');
      },
    ],
  ])(
    'says what nobody foresaw in the log alone, by the ID of its answer: %s',
    async (_, handle) => {
      const { lines, log } = makeApp({});
      const refuse = createRefuse([{ ended: log.request }], createRedact([]));
      const { status, headers, text } = await call(
        await listen(createNodeServer(handle, { refuse })),
      );
      expect([status, JSON.parse(text).error.code]).toEqual([500, 'internal_error']);
      expect(text).not.toContain('why');
      expect(lines).toEqual([
        expect.objectContaining({
          level: 'error',
          requestId: headers['x-request-id'],
          status: 500,
          code: 'internal_error',
          reason: 'why',
        }),
      ]);
    },
  );

  it('closes one whose head comes a byte at a time', async () => {
    const { socket, closed } = openRaw(await serve(), `GET /health HTTP/1.1\r\n${HOST}X: `);
    const trickle = setInterval(() => socket.write('x'), 20);
    expect(readRaw(await closed).status).toBe(408);
    clearInterval(trickle);
  });

  it.each([
    ['JSON', 'Content-Length: 90000', '/v1/chat/completions'],
    ['JSON of no known length', 'Transfer-Encoding: chunked', '/v1/chat/completions'],
    ['JSON for Paddock', 'Content-Length: 90000', '/api/unload'],
    ['what is passed on as it is', 'Content-Length: 90000', '/upstream/a/m'],
  ])('refuses a body that comes a byte at a time, and closes: %s', async (_what, length, path) => {
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
  });

  it('lets a body take its time as long as there is some', async () => {
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
    ['what is passed on as it is', '/upstream/a/m', 'text/plain'],
    ['JSON for Paddock', '/api/unload', 'application/json'],
  ])(
    'refuses a body that is too large before it has come whole, and closes: %s',
    async (_, path, type) => {
      const head = `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\n`;
      const url = await serve({ bodyMs: 60_000 });
      for (const [length, piece] of [
        ['Content-Length: 1000000000', ' '.repeat(1000)],
        ['Transfer-Encoding: chunked', `1000\r\n${' '.repeat(0x1000)}\r\n`],
      ]) {
        const { socket, closed } = openRaw(url, `${head}${length}\r\n\r\n`);
        const pushing = setInterval(() => socket.writable && socket.write(piece ?? ''), 1);
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
