import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startModels, whileTesting } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';
import { startRecorder } from '../recorder.ts';

const DEAD = 'a=llama-swap://127.0.0.1:9';
const withKey = (key: string) => ({ headers: { 'x-api-key': key } });
const chat = { ...put({ model: 'a/m' }), method: 'POST' };

describe('RATE_LIMIT', () => {
  it('applies to each key, with RateLimit headers from the first request', async () => {
    const app = makeApp({ PROVIDERS: DEAD, API_KEYS: 'one,two', RATE_LIMIT: '2' });
    const first = await app.ask('/api/roles', withKey('one'));
    const head = Object.fromEntries(first.headers);
    expect([first.status, head]).toEqual([
      200,
      expect.objectContaining({
        'ratelimit-policy': '2;w=60',
        'ratelimit-limit': '2',
        'ratelimit-remaining': '1',
        'ratelimit-reset': '60',
      }),
    ]);
    expect(head).not.toHaveProperty('retry-after');
    // The limit ignores forwarding headers and the path.
    const headers = { 'x-forwarded-for': '10.0.0.1', 'x-api-key': 'one' };
    expect((await app.ask('/nope', { headers })).status).toBe(404);
    const refused = await app.ask('/api/roles', { headers });
    const { 'retry-after': wait, ...rest } = Object.fromEntries(refused.headers);
    expect([refused.status, rest['ratelimit-remaining'], rest['ratelimit-reset']]).toEqual([
      429,
      '0',
      wait,
    ]);
    expect(Number(wait)).toBeGreaterThan(50);
    expect(await refused.json()).toEqual({
      src: 'paddock',
      error: {
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        param: null,
        message: `Rate limit reached (2 requests per minute). Retry in ${wait} s, or raise RATE_LIMIT.`,
      },
    });
    expect((await app.ask('/api/roles', withKey('two'))).status).toBe(200);
  });

  it('does not count routes without a key, and requests without a valid key', async () => {
    const app = makeApp({ PROVIDERS: DEAD, API_KEYS: 'one', RATE_LIMIT: '1' });
    for (let index = 0; index < 3; index += 1) {
      expect((await app.ask('/health')).status).toBe(200);
      expect((await app.ask('/api/roles')).status).toBe(401);
    }
    expect((await app.ask('/api/roles', withKey('one'))).status).toBe(200);
    expect((await app.ask('/health')).headers.has('ratelimit-limit')).toBe(false);
  });

  it('does not count /ready and /metrics', async () => {
    const app = makeApp({ PROVIDERS: DEAD, RATE_LIMIT: '1' });
    for (let index = 0; index < 3; index += 1) {
      expect((await app.ask('/ready')).status).toBe(200);
      expect((await app.ask('/metrics')).status).toBe(404);
    }
    expect((await app.ask('/api/roles')).status).toBe(200);
  });

  it('is shared by all clients without keys, and refuses in the form of the route', async () => {
    const app = makeApp({ PROVIDERS: DEAD, RATE_LIMIT: '1' });
    expect((await app.ask('/api/roles', withKey('any'))).status).toBe(200);
    const refused = await app.ask('/v1/messages', chat);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
    ]);
    expect(await refused.json()).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error' },
    });
    expect(app.lines.at(-1)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  it('is announced by documents, event streams, upstream answers and errors', async () => {
    const host = await whileTesting(startModels(['m']));
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port} b=llama-swap://127.0.0.1:9`;
    const app = makeApp({ PROVIDERS, RATE_LIMIT: '10' });
    const answers = [
      await app.ask('/api/models'),
      await app.ask('/api/events'),
      await app.ask('/v1/chat/completions', chat),
      await app.ask('/v1/chat/completions', { ...put({ model: 'b/m' }), method: 'POST' }),
      await app.ask('/api/favorites/m', { method: 'DELETE' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 502, 204]);
    const left = answers.map(({ headers }) => headers.get('ratelimit-remaining'));
    expect(left).toEqual(['9', '8', '7', '6', '5']);
    await Promise.all(answers.map(({ body }) => body?.cancel()));
  });

  it('starts again each minute of the monotonic clock', async () => {
    let now = 1000;
    const clock = { wall: () => 5_000_000 - 10 * now, monotonic: () => now, sleep };
    const app = makeApp({ PROVIDERS: DEAD, RATE_LIMIT: '1' }, { clock });
    const getStatus = async () => (await app.ask('/api/roles')).status;
    expect([await getStatus(), await getStatus()]).toEqual([200, 429]);
    now += 59_999;
    expect(await getStatus()).toBe(429);
    now += 1;
    expect([await getStatus(), await getStatus()]).toEqual([200, 429]);
  });
});

describe('CONCURRENCY_LIMIT', () => {
  it('applies to each key, and frees a slot when the answer has ended', async () => {
    const host = await whileTesting(startRecorder());
    const ends: (() => void)[] = [];
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      ends.push(() => void response.end());
    });
    const PROVIDERS = `a=openai://127.0.0.1:${host.port}`;
    const app = makeApp({ PROVIDERS, API_KEYS: 'one,two', CONCURRENCY_LIMIT: '1' });
    const send = (key: string, path = '/v1/chat/completions') =>
      app.ask(path, { ...chat, headers: { ...chat.headers, ...withKey(key).headers } });
    const running = await send('one');
    const refused = await send('one');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({
      error: { code: 'rate_limit_exceeded', message: expect.stringMatching(/CONCURRENCY_LIMIT/) },
    });
    expect((await send('one', '/v1/messages')).status).toBe(429);
    expect((await app.ask('/api/roles', withKey('one'))).status).toBe(200);
    const other = await send('two');
    expect(other.status).toBe(200);
    await other.body?.cancel();
    expect((await send('two')).status).toBe(200);
    ends[0]?.();
    await running.text();
    expect((await send('one')).status).toBe(200);
  });

  it('frees the slot after any end of a request', async () => {
    const host = await whileTesting(startRecorder());
    const PROVIDERS = `a=openai://127.0.0.1:${host.port} b=openai://127.0.0.1:9`;
    const app = makeApp({ PROVIDERS, CONCURRENCY_LIMIT: '1' });
    const post = (body: unknown) => ({ ...put(body), method: 'POST' });
    const requests: [string, RequestInit, number][] = [
      ['/v1/chat/completions', post('{'), 400],
      ['/v1/chat/completions', post({ model: 'b/m' }), 502],
      ['/v1/chat/completions', post({ model: 'a/m' }), 200],
      ['/props?model=a/m', { method: 'HEAD' }, 200],
      ['/upstream/missing/m', {}, 404],
      ['/v1/chat/completions', post({ model: 'a/m' }), 200],
    ];
    for (const [path, init, status] of requests) {
      const answer = await app.ask(path, init);
      expect([path, answer.status]).toEqual([path, status]);
      await answer.arrayBuffer();
    }
  });
});

it('accepts a URL of 8 KiB, which is enough for the longest ID', async () => {
  const app = makeApp({ PROVIDERS: DEAD });
  const id = 'a/'.padEnd(512, '模');
  expect((await app.ask(`/api/resolve?model=${encodeURIComponent(id)}`)).status).toBe(200);
  expect((await app.ask('/'.padEnd(8192, 'x'))).status).toBe(404);
  for (const path of ['/', '/api/resolve?model=', '/v1/messages/', '/upstream/a/']) {
    const answer = await app.ask(path.padEnd(8193, 'x'));
    expect([path, answer.status]).toEqual([path, 414]);
    expect(JSON.stringify(await answer.json())).toMatch(/longer than 8192 bytes/);
    expect(String(app.lines.at(-1)?.['path']).length).toBeLessThanOrEqual(2048);
  }
});

describe('a body that does not end', () => {
  const trickle = () =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await sleep(50);
        controller.enqueue(new Uint8Array([32]));
      },
    });
  const form = 'multipart/form-data; boundary=x';

  it.each([
    ['JSON', '/v1/chat/completions', 'application/json'],
    ['a form', '/v1/audio/transcriptions', form],
    ['a body that is passed on unchanged', '/upstream/a/m', 'text/plain'],
    ['JSON for Paddock itself', '/api/unload', 'application/json'],
  ])('is refused in time: %s', async (_what, path, type) => {
    const host = await whileTesting(startRecorder());
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    const app = makeApp({ PROVIDERS }, { bodyMs: 300 });
    const startedAt = performance.now();
    const answer = await app.ask(path, {
      method: 'POST',
      headers: { 'content-type': type, 'transfer-encoding': 'chunked' },
      body: trickle(),
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, await answer.json()]).toEqual([
      408,
      expect.objectContaining({ error: expect.objectContaining({ code: 'request_timeout' }) }),
    ]);
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThan(290);
    expect(took).toBeLessThan(2000);
  });
});
