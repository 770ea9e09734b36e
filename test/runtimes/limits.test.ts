import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, open } from '../call.ts';
import { whileTesting } from '../hosts.ts';
import { openRaw, readRaw } from '../raw-socket.ts';
import { answerName, createRecorder, startRecorder } from '../recorder.ts';
import {
  makeRuntime,
  only,
  serveOnBun,
  SERVERS,
  startForTest,
  type Instance,
  type Runtime,
} from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const body = '{"model":"a/m","stream":true}';
const as = (key: string) => ({ body, headers: { 'x-api-key': key } });

describe.each(SERVERS)('limits on %s', (name, server) => {
  const host = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = makeRuntime(server);
    paddock = await runtime.start({
      PROVIDERS: `a=openai://127.0.0.1:${host.port}`,
      API_KEYS: 'one,two,three,four',
      RATE_LIMIT: '12',
      CONCURRENCY_LIMIT: '2',
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

  const statusOf = async (key: string) => (await call(paddock.url + CHAT, as(key))).status;

  it('add rate headers to answers and return 429 above RATE_LIMIT', async () => {
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'ratelimit-limit': '9' });
      response.end('data: one\n\n');
    });
    const first = await call(paddock.url + CHAT, as('one'));
    expect([first.status, first.headers]).toEqual([
      200,
      expect.objectContaining({
        'ratelimit-limit': '12',
        'ratelimit-remaining': '11',
        'ratelimit-policy': '12;w=60',
        'ratelimit-reset': expect.stringMatching(/^(?:60|59)$/),
      }),
    ]);
    expect(first.text).toBe('data: one\n\n');
    for (let index = 0; index < 11; index += 1) expect(await statusOf('one')).toBe(200);
    const before = host.begun();
    const refused = await call(paddock.url + CHAT, as('one'));
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([
      429,
      'rate_limit_exceeded',
    ]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(40);
    expect(host.begun()).toBe(before);
    expect(await statusOf('two')).toBe(200);
  });

  it('count a stream until it ends, in whichever way', async () => {
    const ends: Record<string, () => void> = {};
    host.reply((response, { url }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      ends[url] = () => void response.end();
      if (url.includes('broken')) ends[url] = () => void response.socket?.resetAndDestroy();
    });
    const begin = async (end: string) => {
      const opening = open(`${paddock.url}${CHAT}?${end}`, as('three'));
      return (await opening.opened).answer;
    };
    const broken = await begin('broken');
    const left = await begin('left');
    const refused = await call(paddock.url + CHAT, as('three'));
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    const events = `${paddock.url}/api/roles`;
    const headers = { 'x-api-key': 'three' };
    expect((await call(events, { method: 'GET', headers })).status).toBe(200);

    const gone = new Promise((resolve) => broken.once('error', resolve));
    broken.resume();
    ends[`${CHAT}?broken`]?.();
    await gone;
    await sleep(50);
    const third = await begin('third');
    left.destroy();
    await sleep(50);
    const fourth = await begin('fourth');
    for (const [answer, end] of [
      [third, 'third'],
      [fourth, 'fourth'],
    ] as const) {
      const ended = new Promise((resolve) => answer.once('end', resolve));
      answer.resume();
      ends[`${CHAT}?${end}`]?.();
      await ended;
    }
    host.reply(answerName('ok'));
    expect(await statusOf('three')).toBe(200);
  });

  it('no longer count a request whose client left before the answer', async () => {
    host.reply(() => {});
    const waiting = [0, 1].map(() => open(paddock.url + CHAT, as('four')));
    const opened = Promise.allSettled(waiting.map((one) => one.opened));
    await expect.poll(() => host.begun() - host.brokenOff()).toBeGreaterThanOrEqual(2);
    await sleep(100);
    expect(await statusOf('four')).toBe(429);
    for (const { leave } of waiting) leave();
    await opened;
    host.reply(answerName('ok'));
    await expect.poll(() => statusOf('four'), { interval: 100 }).toBe(200);
  });

  it('refuse long URLs and large headers', async () => {
    const long = await call(`${paddock.url}/v1/messages?${'x'.repeat(9000)}`, as('two'));
    expect([long.status, JSON.parse(long.text).type]).toEqual([414, 'error']);
    const raw = openRaw(
      paddock.url,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(1 << 20)}\r\n\r\n`,
    );
    const { status, json } = readRaw(await raw.closed);
    expect([status, json?.error.code]).toEqual([
      431,
      // Bun sends its own answer.
      name === 'Bun' ? undefined : 'headers_too_large',
    ]);
  });
});

it.each(only('Bun'))(
  '%s closes a connection with an incomplete request head',
  async (_name, make) => {
    const runtime = await make();
    const paddock = await startForTest(runtime.start({ PROVIDERS: 'a=openai://127.0.0.1:9' }));
    const { closed } = openRaw(paddock.url, 'GET /health HTTP/1.1\r\nHost: localhost\r\n');
    const startedAt = performance.now();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await runtime.close();
  },
);

it.each(only('Bun'))(
  '%s refuses a body that takes too long and closes the connection',
  async () => {
    const host = await whileTesting(startRecorder());
    const settings = { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` };
    const { url } = await serveOnBun("await serve({ demo: 'never', bodyMs: 400 });", settings);
    for (const [path, type] of [
      [CHAT, 'application/json'],
      ['/v1/audio/transcriptions', 'multipart/form-data; boundary=x'],
      ['/upstream/a/m', 'text/plain'],
      ['/api/unload', 'application/json'],
    ]) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
      const { socket, closed } = openRaw(url, `${head}Content-Length: 900000\r\n\r\n`);
      const trickle = setInterval(() => socket.writable && socket.write(' '), 20);
      const received = await closed;
      clearInterval(trickle);
      expect([path, readRaw(received)]).toMatchObject([
        path,
        { status: 408, json: { error: { code: 'request_timeout' } } },
      ]);
    }
  },
);

it.each(only('workerd'))(
  '%s refuses to serve with settings that it does not support',
  async (_name, make) => {
    const runtime = await make();
    const PROVIDERS = 'a=llama-swap://127.0.0.1:9';
    for (const limit of ['RATE_LIMIT', 'CONCURRENCY_LIMIT', 'UPSTREAM_PORT']) {
      const { url } = await startForTest(runtime.start({ PROVIDERS, [limit]: '1000' }));
      const answer = await fetch(`${url}/health`);
      expect([answer.status, await answer.json()]).toMatchObject([
        500,
        {
          error: { code: 'internal_error', message: expect.stringMatching(/settings have faults/) },
        },
      ]);
    }
    const { url } = await startForTest(runtime.start({ PROVIDERS }));
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const long = await fetch(`${url}/nope?${'x'.repeat(9000)}`);
    expect(long.status).toBe(414);
    await runtime.close();
  },
);
