import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AnswerHandler } from '../../../src/runtime/http-client/answer-reader.ts';
import type { ResponseHead } from '../../../src/runtime/http-client/response-head.ts';
import { createUpstreamClient } from '../../../src/runtime/http-client/upstream-client.ts';
import { whileTesting } from '../../hosts.ts';
import { startImpatientHost } from '../../idle-tries.ts';
import { jsonAnswer, startRawHost, type RawReply } from '../../trust/raw-host.ts';

type Client = ReturnType<typeof createUpstreamClient>;
type Sent = Parameters<Client['send']>[0];

/** Sends a request, and resolves when it has ended. */
function send(client: Client, port: number, rest: Partial<Sent> = {}) {
  return new Promise<{ head: ResponseHead | null; body: string; error: Error | null }>(
    (resolve) => {
      let head: ResponseHead | null = null;
      let body = '';
      const handler: AnswerHandler = {
        onHead: (received) => (head = received),
        onData: (bytes) => (body += String(bytes)),
        onEnd: () => resolve({ head, body, error: null }),
        onError: (error) => resolve({ head, body, error }),
        onUpgrade: () => {},
      };
      client.send(
        {
          base: `http://127.0.0.1:${port}`,
          path: '/x',
          method: 'POST',
          headers: {},
          body: Buffer.from('{"nonce":1}'),
          ...rest,
        },
        handler,
      );
    },
  );
}

const start = (reply: RawReply) => whileTesting(startRawHost(reply));
const OK = jsonAnswer({ ok: true });
const answer: RawReply = (socket) => void socket.write(OK);

/** A client that has seen an idle connection stay open for the whole time. */
async function createWarmClient(port: number): Promise<Client> {
  const client = createUpstreamClient();
  await send(client, port);
  await sleep(1700);
  return client;
}

describe('connections to an upstream', () => {
  it('are reused for one request after another', async () => {
    const host = await start(answer);
    const client = await createWarmClient(host.port);
    const before = host.connections();
    for (let index = 0; index < 20; index += 1) {
      const { head, body, error } = await send(client, host.port);
      expect([head?.status, body, error]).toEqual([200, '{"ok":true}', null]);
      await sleep(index);
    }
    expect(host.connections()).toBe(before + 1);
    expect(host.received).toHaveLength(21);
  });

  it('are soon reused for an unknown upstream', async () => {
    const host = await start(answer);
    const client = createUpstreamClient();
    for (let index = 0; index < 200; index += 1) await send(client, host.port);
    expect(host.connections()).toBeLessThan(20);
  });

  it('are closed after 1.5 s without use', async () => {
    let closed = 0;
    const host = await start((socket) => {
      socket.once('close', () => (closed += 1));
      socket.write(OK);
    });
    await send(createUpstreamClient(), host.port);
    await sleep(1200);
    expect(closed).toBe(0);
    await expect.poll(() => closed, { timeout: 1500 }).toBe(1);
  });

  it('are closed one second before the time in the upstream’s hint', async () => {
    let closed = 0;
    const host = await start((socket) => {
      if (socket.listenerCount('close') === 1) socket.once('close', () => (closed += 1));
      socket.write(jsonAnswer({}, 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=3'));
    });
    const client = createUpstreamClient();
    await send(client, host.port);
    await sleep(1600);
    await send(client, host.port);
    expect([host.connections(), closed]).toEqual([1, 0]);
    await expect.poll(() => closed, { timeout: 3500 }).toBe(1);
  });

  it.each([
    ['a hint of one second', 'keep-alive: timeout=1'],
    ['a hint of 0', 'keep-alive: timeout=0'],
    ['Connection: close', 'connection: close'],
  ])('are used once after %s', async (_reason, header) => {
    const host = await start((socket) => {
      socket.write(jsonAnswer({}, `HTTP/1.1 200 OK\r\n${header}`));
    });
    const client = createUpstreamClient();
    for (let index = 0; index < 5; index += 1) await send(client, host.port);
    expect(host.connections()).toBe(5);
  });

  it('lose no request when the upstream closes each after its answer', async () => {
    const host = await start((socket) => void socket.end(OK));
    const client = createUpstreamClient();
    for (let index = 0; index < 50; index += 1) {
      expect((await send(client, host.port)).error).toBeNull();
    }
    expect(host.received).toHaveLength(50);
  });

  it.each([
    ['50 ms', 50],
    ['200 ms', 200],
  ])('are not reused when the upstream is about to close them after %s', async (_time, idleMs) => {
    const host = await whileTesting(startImpatientHost({ idleMs }));
    const client = createUpstreamClient();
    const work = async (delayMs: number) => {
      let lost = 0;
      for (let index = 0; index < 10; index += 1) {
        await sleep(idleMs + delayMs);
        if ((await send(client, host.port)).error !== null) lost += 1;
      }
      return lost;
    };
    const delays = Array.from({ length: 20 }, (_, index) => index - 10);
    expect(await Promise.all(delays.map(work))).toEqual(delays.map(() => 0));
    expect(host.received).toHaveLength(200);
  });

  it('are not reused after an idle time that lost a request', async () => {
    let isClosing = false;
    const host = await start((socket) => {
      if (isClosing) socket.resetAndDestroy();
      else socket.write(OK);
    });
    const client = await createWarmClient(host.port);
    await send(client, host.port);
    await sleep(300);
    isClosing = true;
    const { error } = await send(client, host.port);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    isClosing = false;
    await send(client, host.port);
    const before = host.connections();
    await sleep(300);
    await send(client, host.port);
    expect(host.connections()).toBe(before + 1);
    // Each request arrived once.
    expect(host.received).toHaveLength(5);
  });

  it('are reused again after the upstream has kept one open', async () => {
    const host = await start(answer);
    const client = createUpstreamClient();
    // The upstream restarts.
    await send(client, host.port);
    host.reply((socket) => void socket.end(OK));
    await send(client, host.port);
    await sleep(50);
    host.reply(answer);
    await send(client, host.port);
    await sleep(1700);
    await send(client, host.port);
    const before = host.connections();
    await sleep(500);
    await send(client, host.port);
    expect(host.connections()).toBe(before);
  });

  it('are closed after an answer with extra bytes', async () => {
    const host = await start((socket) => void socket.write(OK + jsonAnswer({ evil: true })));
    const client = await createWarmClient(host.port);
    for (let index = 0; index < 3; index += 1) {
      expect((await send(client, host.port)).body).toBe('{"ok":true}');
    }
    expect(host.connections()).toBe(4);
  });

  it('close when the upstream sends unrequested bytes', async () => {
    const host = await start((socket) => {
      socket.write(OK);
      setTimeout(() => socket.write(jsonAnswer({ evil: true })), 50);
    });
    const client = await createWarmClient(host.port);
    await send(client, host.port);
    await sleep(150);
    expect((await send(client, host.port)).body).toBe('{"ok":true}');
    expect(host.connections()).toBe(3);
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 4\r\n\r\nevil'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\nevil'],
  ])('are closed after an answer to %s with a body that HTTP forbids', async (method, text) => {
    const host = await start((socket) => void socket.write(text));
    const client = await createWarmClient(host.port);
    const sent = { method, body: null };
    for (let index = 0; index < 2; index += 1) {
      const { body, error } = await send(client, host.port, sent);
      expect([body, error]).toEqual(['', null]);
    }
    expect(host.connections()).toBe(3);
  });

  it('are closed after an answer that came before the request body ended', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from('{"nonce":')),
      cancel: () => void (isCancelled = true),
    });
    let closed = 0;
    const { port } = await startEager((socket) => {
      socket.once('close', () => (closed += 1));
      socket.write(OK);
    });
    const { head, error } = await send(createUpstreamClient(), port, { body });
    expect([head?.status, error]).toEqual([200, null]);
    await expect.poll(() => [isCancelled, closed]).toEqual([true, 1]);
  });
});

/** An upstream that answers as soon as the first bytes of a request arrive. */
async function startEager(reply: (socket: Socket) => void): Promise<{ port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => reply(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port };
}

describe('a body', () => {
  const pieces = (...texts: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const text of texts) controller.enqueue(Buffer.from(text));
        controller.close();
      },
    });
  const toBody = (request: string) => request.slice(request.indexOf('\r\n\r\n') + 4);

  it.each([
    ['small', 100],
    ['large', 5 << 20],
  ])('of bytes is sent with its length: %s', async (_size, bytes) => {
    const host = await start(answer);
    const body = Buffer.alloc(bytes, 'x');
    expect((await send(createUpstreamClient(), host.port, { body })).error).toBeNull();
    expect(host.received[0]).toContain(`\r\ncontent-length: ${bytes}\r\n`);
    expect(toBody(host.received[0] ?? '').length).toBe(bytes);
  });

  it('of a stream is sent with a known length', async () => {
    const host = await start(answer);
    const headers = { 'content-length': '6' };
    await send(createUpstreamClient(), host.port, { headers, body: pieces('one', '', 'two') });
    expect(host.received[0]).toMatch(/\r\ncontent-length: 6\r\n/u);
    expect(toBody(host.received[0] ?? '')).toBe('onetwo');
  });

  it('of a stream without a length is sent in chunks', async () => {
    const host = await start(answer);
    await send(createUpstreamClient(), host.port, { body: pieces('one', '', 'twelve chars') });
    expect(host.received[0]).toMatch(/\r\ntransfer-encoding: chunked\r\n/u);
    expect(toBody(host.received[0] ?? '')).toBe('3\r\none\r\nc\r\ntwelve chars\r\n0\r\n\r\n');
  });

  it.each([
    ['too short', '9'],
    ['too long', '5'],
  ])('of a stream that is %s does not arrive as a complete request', async (_what, length) => {
    const host = await start(answer);
    const headers = { 'content-length': length };
    const sent = { headers, body: pieces('one', 'two') };
    expect((await send(createUpstreamClient(), host.port, sent)).error).toBeInstanceOf(RangeError);
    await sleep(50);
    expect(host.received).toEqual([]);
  });

  it('of a stream that fails does not arrive as a complete request, and its error is reported', async () => {
    const host = await start(answer);
    const failure = new Error('failed');
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from('one')),
      pull: (controller) => controller.error(failure),
    });
    expect((await send(createUpstreamClient(), host.port, { body })).error).toBe(failure);
    await sleep(50);
    expect(host.received).toEqual([]);
  });
});

describe('an answer', () => {
  it('is read after unrequested interim responses', async () => {
    const links = `link: <${'x'.repeat(100)}>\r\n`.repeat(200);
    const host = await start((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write(`HTTP/1.1 103 Early Hints\r\n${links}\r\n`);
      setTimeout(() => socket.write(`HTTP/1.1 102 Processing\r\n\r\n${OK}`), 20);
    });
    const client = await createWarmClient(host.port);
    for (let index = 0; index < 3; index += 1) {
      const { head, body } = await send(client, host.port);
      expect([head?.status, head?.headers['link'], body]).toEqual([200, undefined, '{"ok":true}']);
    }
    expect(host.connections()).toBe(2);
  });

  it.each([
    ['without a length', 'HTTP/1.1 200 OK\r\n\r\ncomplete'],
    ['in HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\ncomplete'],
  ])('ends with its connection: %s', async (_what, text) => {
    const host = await start((socket) => void socket.end(text));
    const { body, error } = await send(createUpstreamClient(), host.port);
    expect([body, error]).toEqual(['complete', null]);
  });

  it.each([
    ['before it starts', '', 'end'],
    ['in its head', 'HTTP/1.1 200 OK\r\ncontent-', 'end'],
    ['after an interim answer', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'end'],
    ['in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'end'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf', 'end'],
    ['by a reset', 'HTTP/1.1 200 OK\r\n\r\nhalf', 'resetAndDestroy'],
  ] as const)('that breaks off %s fails with ECONNRESET', async (_where, text, how) => {
    const host = await start(
      (socket) => void socket.write(text, () => setTimeout(() => socket[how](), 30)),
    );
    const { error } = await send(createUpstreamClient(), host.port);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(host.received).toHaveLength(1);
  });

  it('that exceeds a timeout fails with UpstreamTimeout', async () => {
    const host = await start((socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
    const timeouts = { firstByteMs: 100, idleMs: null };
    const late = await send(createUpstreamClient(), host.port, { timeouts });
    expect(late.error).toMatchObject({ name: 'UpstreamTimeout' });
    host.reply((socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\nhalf'));
    const silent = await send(createUpstreamClient(), host.port, {
      timeouts: { firstByteMs: null, idleMs: 100 },
    });
    expect([silent.body, silent.error?.name]).toEqual(['half', 'UpstreamTimeout']);
  });
});
