import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startHost, json, modelList, whileTesting } from '../../hosts.ts';
import { makeApp, type TestApp } from '../../make-app.ts';

const CHAT = '/v1/chat/completions';

const chatWith = (app: TestApp, model: string, headers: Record<string, string> = {}) =>
  app.ask(CHAT, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model }),
  });

async function startFleet() {
  const seen: (string | undefined)[] = [];
  const host = await whileTesting(
    startHost({
      '/v1/models': json(modelList('m')),
      [CHAT]: (request, response) => {
        seen.push(request.headers['x-request-id'] as string | undefined);
        json({ ok: true })(request, response);
      },
    }),
  );
  return { seen, settings: { PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` } };
}

describe('a request ID', () => {
  it('is generated when missing, and sent to the client, the upstream and the log', async () => {
    const { seen, settings } = await startFleet();
    const app = makeApp(settings);
    const answer = await chatWith(app, 'a/m');
    const id = answer.headers.get('x-request-id');
    expect(id).toMatch(/^[\da-f-]{36}$/);
    await answer.text();
    expect(seen).toEqual([id]);
    expect(app.lines[0]?.['requestId']).toBe(id);
  });

  it.each([
    'abc',
    'req_011CSHoEeqs5C35K2UUqR7Fy',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    'a/b=c:d@e.f',
  ])('%s is kept', async (id) => {
    const app = makeApp({});
    const answer = await app.ask('/health', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(app.lines[0]?.['requestId']).toBe(id);
  });

  it.each(['two words', '"', '<b>', 'ü', 'x'.repeat(129), ''])('"%s" is replaced', async (id) => {
    const answer = await makeApp({}).ask('/health', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('is on errors and unknown paths', async () => {
    const app = makeApp({});
    for (const path of ['/api/models', '/nothing', '/v1/messages/nothing', '/docs/nothing']) {
      expect((await app.ask(path)).headers.get('x-request-id'), path).toMatch(/^[\da-f-]{36}$/);
    }
  });
});

describe('the log line of a request', () => {
  it('has the client, the provider, the times and the end', async () => {
    const { settings } = await startFleet();
    const app = makeApp({ ...settings, API_KEYS: 'laptop:s3cret' });
    await (await chatWith(app, 'm', { authorization: 'Bearer s3cret' })).text();
    expect(app.lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId: expect.any(String),
        method: 'POST',
        path: CHAT,
        route: CHAT,
        client: 'laptop',
        provider: 'a',
        model: 'm',
        status: 200,
        end: 'complete',
        firstByteMs: expect.any(Number),
        durationMs: expect.any(Number),
        bytesOut: 11,
        msg: 'POST /v1/chat/completions 200',
      },
    ]);
  });

  it('has the route pattern of the path', async () => {
    const app = makeApp({ PROVIDERS: 'a=llama-swap://127.0.0.1:9' });
    await app.ask('/api/favorites/a/my%20model', { method: 'PUT' });
    await app.ask('/upstream/a/my%20model/props');
    await app.ask('/docs/none.js');
    await app.ask('/no/such/path');
    expect(app.lines.map(({ path, route }) => [path, route])).toEqual([
      ['/api/favorites/a/my%20model', '/api/favorites/{id}'],
      ['/upstream/a/my%20model/props', '/upstream/{provider}/{rest}'],
      ['/docs/none.js', '/docs/{file}'],
      ['/no/such/path', undefined],
    ]);
  });

  it('has the code of a Paddock error and the reason', async () => {
    const app = makeApp({ PROVIDERS: 'a=llama-swap://127.0.0.1:9' });
    await chatWith(app, 'a/m');
    const [line] = app.lines;
    expect(line).toMatchObject({
      level: 'error',
      code: 'provider_unreachable',
      status: 502,
      provider: 'a',
      model: 'm',
      reason: expect.any(String),
    });
  });

  it('distinguishes an upstream that broke off from a client that went away', async () => {
    const host = await whileTesting(
      startHost({
        [CHAT]: (request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.write('data: 1\n\n');
          if (request.headers['x-mode'] === 'die') {
            setTimeout(() => request.socket.resetAndDestroy(), 20);
          }
        },
      }),
    );
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    await expect((await chatWith(app, 'a/m', { 'x-mode': 'die' })).text()).rejects.toThrow();
    await (await chatWith(app, 'a/m')).body?.cancel();
    expect(app.lines.map(({ level, end }) => [level, end])).toEqual([
      ['warn', 'upstream_gone'],
      ['info', 'client_gone'],
    ]);
  });

  it('is written once when a client goes away with reads pending', async () => {
    const app = makeApp({ PROVIDERS: 'a=llama-swap://127.0.0.1:9' });
    const reader = (await app.ask('/api/events')).body?.getReader();
    const reads = Array.from({ length: 9 }, () => reader?.read());
    await sleep(20);
    await reader?.cancel();
    expect(await reads.at(-1)).toMatchObject({ done: true });
    await sleep(20);
    expect(app.lines.map(({ end }) => end)).toEqual(['client_gone']);
  });
});
