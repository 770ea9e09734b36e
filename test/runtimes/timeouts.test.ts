import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open, type Call } from '../call.ts';
import { readLines } from '../log-lines.ts';
import { answerName, createRecorder } from '../recorder.ts';
import { RUNTIMES, SERVERS, makeRuntime, type Instance, type Runtime } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const LIMIT_MS = 1000;
/** Timers of runtimes may be a second late. */
const LATEST_MS = LIMIT_MS + 2500;
const body = '{"model":"a/m","stream":true}';

describe.each(RUNTIMES)('timeouts of upstreams on %s', (name, make) => {
  const host = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    paddock = await runtime.start({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      FIRST_BYTE_TIMEOUT_MS: String(LIMIT_MS),
      IDLE_TIMEOUT_MS: String(LIMIT_MS),
    });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });
  beforeEach(() => {
    host.reply(answerName('ok'));
  });

  const ask = (path: string, options: Call) => call(paddock.url + path, options);
  const findEnd = (id: string) => () =>
    readLines(paddock.output()).find(({ requestId }) => requestId === id)?.['end'];

  it('return 504 with the setting’s name if no headers arrive, and send the request once', async () => {
    host.reply(() => {});
    const [begun, brokenOff] = [host.begun(), host.brokenOff()];
    const startedAt = performance.now();
    const { status, headers, text } = await ask(CHAT, { body });
    const tookMs = performance.now() - startedAt;
    expect([status, JSON.parse(text)]).toEqual([
      504,
      {
        error: {
          message: `a did not begin to answer within ${LIMIT_MS} ms. Its model may still be loading: retry later, or raise FIRST_BYTE_TIMEOUT_MS.`,
          type: 'server_error',
          param: null,
          code: 'upstream_timeout',
        },
        src: 'paddock',
      },
    ]);
    expect(headers).toMatchObject({ 'x-should-retry': 'false', 'x-paddock-provider': 'a' });
    expect(tookMs).toBeGreaterThan(LIMIT_MS - 100);
    expect(tookMs).toBeLessThan(LATEST_MS);
    await expect.poll(host.brokenOff, { timeout: 2000 }).toBe(brokenOff + 1);
    expect(host.begun()).toBe(begun + 1);
    const anthropic = await ask('/v1/messages', { body });
    expect([anthropic.status, JSON.parse(anthropic.text).type]).toEqual([504, 'error']);
  });

  it('do not count the time of a slow upload', async () => {
    async function* slowForm() {
      yield Buffer.from('--b\r\ncontent-disposition: form-data; name=model\r\n\r\na/m\r\n');
      yield Buffer.from('--b\r\ncontent-disposition: form-data; name=f; filename=f\r\n\r\n');
      for (let piece = 0; piece < 6; piece += 1) {
        yield Buffer.from('.');
        await sleep(LIMIT_MS / 4);
      }
      yield Buffer.from('\r\n--b--\r\n');
    }
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const { status } = await ask('/v1/audio/transcriptions', { headers, body: slowForm() });
    expect(status).toBe(200);
  });

  it('end a silent stream', async () => {
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const brokenOff = host.brokenOff();
    const headers = { 'x-request-id': 'silent' };
    const { answer } = await open(paddock.url + CHAT, { body, headers }).opened;
    const startedAt = performance.now();
    let text = '';
    const read = async () => {
      for await (const chunk of answer) text += String(chunk);
    };
    // workerd ends it as if it were complete: https://github.com/cloudflare/workerd/issues/6818
    if (name === 'workerd') await read();
    else await expect(read()).rejects.toThrow();
    expect(text).toBe('data: 1\n\n');
    expect(performance.now() - startedAt).toBeLessThan(LATEST_MS);
    await expect.poll(host.brokenOff, { timeout: 2000 }).toBe(brokenOff + 1);
    if (name !== 'workerd') await expect.poll(findEnd('silent')).toBe('timed_out');
  });

  it('do not end a stream that continues', async () => {
    host.reply(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let piece = 0; piece < 6; piece += 1) {
        response.write(`data: ${piece}\n\n`);
        await sleep(LIMIT_MS / 4);
      }
      response.end('data: [DONE]\n\n');
    });
    const { text } = await ask(CHAT, { body });
    expect(text).toMatch(/data: 5\n\ndata: \[DONE\]\n\n$/);
  });

  it('do not count the time of a slow reader', async () => {
    const bytes = Buffer.alloc(24 << 20);
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.flushHeaders();
      response.end(bytes);
    });
    const { answer } = await open(paddock.url + CHAT, { body }).opened;
    await sleep(LIMIT_MS * 1.5);
    let read = 0;
    for await (const chunk of answer) read += (chunk as Buffer).length;
    expect(read).toBe(bytes.length);
  });
});

describe.each(SERVERS)('a stream that ends cleanly on %s', (_name, server) => {
  const host = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = makeRuntime(server);
    paddock = await runtime.start({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });

  it.each([
    ['chat-whole', CHAT, 'data: {"choices":[]}\n\ndata: [DONE]\n\n', 'complete', 'info'],
    ['chat-killed', CHAT, 'data: {"choices":[]}\n\n', 'unfinished', 'warn'],
    ['chat-empty', CHAT, '', 'unfinished', 'warn'],
    ['anthropic', '/v1/messages', 'event: ping\ndata: {}\n\n', 'unfinished', 'warn'],
    ['responses', '/v1/responses', 'data: {"type":"response.created"}\n\n', 'unfinished', 'warn'],
    ['other', '/v1/audio/speech', 'data: {}\n\n', 'complete', 'info'],
  ])('is logged as complete or unfinished: %s', async (id, path, text, end, level) => {
    // With the headers in one packet, and later.
    for (const pauseMs of [0, 50]) {
      host.reply(async (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        if (pauseMs > 0) response.flushHeaders();
        await sleep(pauseMs);
        response.end(text);
      });
      const requestId = `${id}-${pauseMs}`;
      const headers = { 'x-request-id': requestId };
      const reply = await call(paddock.url + path, { body, headers });
      expect([reply.status, reply.text]).toEqual([200, text]);
      const find = () =>
        readLines(paddock.output()).find((line) => line['requestId'] === requestId);
      await expect.poll(find).toMatchObject({ end, level });
    }
    const metrics = await (await fetch(`${paddock.url}/metrics`)).text();
    if (end === 'unfinished') expect(metrics).toMatch(/ends_total\{.*end="unfinished"\} \d/u);
  });
});
