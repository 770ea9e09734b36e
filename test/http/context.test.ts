import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { startHost, type StartedHost } from '../demo/host-fixture.ts';
import { json, modelList, startHost as startOddHost, text, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, put } from '../make-app.ts';

const MODELS = [
  { id: 'declared', aliases: ['stated'], contextLength: 4096, loadMs: 5 },
  { id: 'org/sized:q4', cmd: 'llama-server --ctx-size 8192', loadMs: 5 },
  { id: 'quiet', aliases: ['still'], runtimeContext: 16_384, loadMs: 5 },
  { id: 'deepseek-chat', loadMs: 5 },
  { id: 'hidden', unlisted: true, cmd: 'llama-server -c=2048', loadMs: 5 },
];

const at = (host: { port: number } | StartedHost) =>
  'url' in host ? new URL(host.url).host : `127.0.0.1:${host.port}`;

const startHostForTest = (answers: Parameters<typeof startOddHost>[0]) =>
  whileTesting(startOddHost(answers));

const openDatabase = () =>
  openMigratedDatabase({ url: `file:${join(makeFolder(), 'paddock.db')}`, authToken: null });

/** An app with a provider of those models, which it probes for each request. */
async function setUp(options: { database?: Database; settings?: Record<string, string> } = {}) {
  const host = await startHost({ models: MODELS });
  const restart = () =>
    makeApp(
      { PROVIDERS: `a=llama-swap://${at(host)}`, CATALOG_TTL_MS: '0', ...options.settings },
      { database: options.database ?? openDatabase() },
    );
  const app = restart();
  return { host, app, restart };
}

/** The context window of a model after a refresh. */
async function readContext(app: ReturnType<typeof makeApp>, model: string) {
  await app.read('/api/models?refresh=1');
  const { contextWindow, contextSource } = await app.read(`/api/context?model=${model}`);
  return [contextWindow, contextSource];
}

/** Chats with a model through Paddock, and waits until Paddock has processed the end. */
async function chat(app: ReturnType<typeof makeApp>, model: string): Promise<void> {
  const body = put({ model: `a/${model}`, messages: [{ role: 'user', content: 'x' }] });
  const answer = await app.ask('/v1/chat/completions', { ...body, method: 'POST' });
  expect(answer.status).toBe(200);
  await answer.text();
  await sleep(150);
}

const propsRequestsOf = (host: StartedHost) =>
  [...host.counts.requests].filter(([name]) => /props|upstream/.test(name));

const unload = (host: StartedHost) =>
  fetch(`${host.url}/api/models/unload`, { method: 'POST' }).then((answer) => answer.text());

describe('a context window', () => {
  it('is declared, loaded by its command or its own server, learned, or unknown', async () => {
    const { app } = await setUp();
    expect(await readContext(app, 'declared')).toEqual([4096, 'declared']);
    expect(await readContext(app, 'stated')).toEqual([4096, 'declared']);
    expect(await readContext(app, 'org/sized:q4')).toEqual([null, 'unknown']);
    expect(await readContext(app, 'quiet')).toEqual([null, 'unknown']);
    for (const model of ['org/sized:q4', 'quiet', 'hidden']) {
      await chat(app, model);
      const expected = { 'org/sized:q4': 8192, quiet: 16_384, hidden: 2048 }[model];
      expect(await readContext(app, model)).toEqual([expected, 'loaded']);
    }
    expect(await readContext(app, 'still')).toEqual([16_384, 'learned']);
    expect(await readContext(app, 'org/sized:q4')).toEqual([8192, 'learned']);
  });

  it('is the same in the catalog, the OpenAI list, /api/resolve and /api/context', async () => {
    const { app } = await setUp();
    await chat(app, 'quiet');
    const { providers } = await app.read('/api/models?refresh=1');
    const entry = providers[0].models.find(({ model }: any) => model === 'quiet');
    expect(entry).toMatchObject({ contextWindow: 16_384, contextSource: 'loaded', state: 'ready' });
    const { data } = await app.read('/v1/models');
    expect(data.find(({ id }: any) => id === 'a/quiet').context_length).toBe(16_384);
    expect(await app.read('/api/resolve?model=quiet')).toMatchObject({
      contextWindow: 16_384,
      contextSource: 'loaded',
    });
    expect(await app.read('/api/context?model=quiet')).toEqual({
      id: 'a/quiet',
      contextWindow: 16_384,
      contextSource: 'loaded',
    });
  });

  it('is the configured one before all others, without a request to the provider', async () => {
    const host = await startHost({ models: MODELS, loaded: 'quiet' });
    const app = makeApp({ PROVIDERS: `a=llama-swap://${at(host)}?context=1000` });
    expect(await readContext(app, 'quiet')).toEqual([1000, 'configured']);
    expect(propsRequestsOf(host)).toEqual([]);
  });

  it('is published for DeepSeek’s models by name, and for no local model', async () => {
    const cloud = await startHostForTest({ '/v1/models': json(modelList('deepseek-v4-pro')) });
    const { app } = await setUp({
      settings: { DEEPSEEK_API_KEY: 'k', DEEPSEEK_BASE_URL: `http://127.0.0.1:${cloud.port}` },
    });
    const ids = ['deepseek/deepseek-v4-pro', 'deepseek/deepseek-chat', 'deepseek/deepseek-v5'];
    const found = await Promise.all(ids.map((id) => app.read(`/api/context?model=${id}`)));
    expect(found.map((answer) => [answer.contextWindow, answer.contextSource])).toEqual([
      [1_048_576, 'static'],
      [131_072, 'static'],
      [null, 'unknown'],
    ]);
    expect(await readContext(app, 'a/deepseek-chat')).toEqual([null, 'unknown']);
  });

  it('makes the first request wait for a probe, and later ones for none', async () => {
    const { host, app } = await setUp({ settings: { CATALOG_TTL_MS: '60000' } });
    expect((await app.read('/api/context?model=declared')).contextWindow).toBe(4096);
    const before = [...host.counts.requests.values()].reduce((sum, count) => sum + count, 0);
    for (const path of ['context?model=quiet', 'resolve?model=quiet', 'roles']) {
      expect((await app.ask(`/api/${path}`)).status).toBe(200);
    }
    const after = [...host.counts.requests.values()].reduce((sum, count) => sum + count, 0);
    expect(after).toBe(before);
  });

  it.each([
    ['/api/context', 400, 'invalid_request'],
    ['/api/context?model=', 400, 'invalid_model_id'],
    ['/api/context?model=a&model=b', 400, 'invalid_request'],
    ['/api/context?model=%ff', 400, 'invalid_model_id'],
  ])('is refused for %s with the parameter', async (path, status, code) => {
    const { app } = await setUp();
    const answer = await app.ask(path);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as any).error).toMatchObject({ code, param: 'model' });
  });
});

describe('a learned context window', () => {
  it('survives the load and the process, and is replaced by a different size', async () => {
    const database = openDatabase();
    const { host, app, restart } = await setUp({ database });
    await chat(app, 'quiet');
    expect(await readContext(app, 'quiet')).toEqual([16_384, 'loaded']);
    await unload(host);
    expect(await readContext(app, 'quiet')).toEqual([16_384, 'learned']);
    const again = restart();
    expect((await again.read('/api/context?model=quiet')).contextWindow).toBe(16_384);

    const quiet = MODELS.find(({ id }) => id === 'quiet');
    if (quiet) quiet.runtimeContext = 32_768;
    await chat(again, 'quiet');
    expect(await readContext(again, 'quiet')).toEqual([32_768, 'loaded']);
    await unload(host);
    if (quiet) quiet.runtimeContext = 16_384;
    expect(await readContext(restart(), 'quiet')).toEqual([32_768, 'learned']);
  });

  it('is known while the provider is offline', async () => {
    const database = openDatabase();
    const { host, app } = await setUp({ database });
    await chat(app, 'quiet');
    await readContext(app, 'quiet');
    await host.listener.close();
    expect(await readContext(app, 'quiet')).toEqual([16_384, 'learned']);
  });

  it('is kept in memory while the database is unavailable, and written later', async () => {
    const database = openDatabase();
    let isUnavailable = true;
    const fail = () => Promise.reject(new Error('gone'));
    const flaky: Database = {
      read: (statement) => (isUnavailable ? fail() : database.read(statement)),
      write: (statements) => (isUnavailable ? fail() : database.write(statements)),
      script: (sql) => database.script(sql),
    };
    const { host, app, restart } = await setUp({ database: flaky });
    await chat(app, 'quiet');
    await readContext(app, 'quiet');
    await unload(host);
    expect(await readContext(app, 'quiet')).toEqual([16_384, 'learned']);
    isUnavailable = false;
    await app.read('/api/models?refresh=1');
    const count = () =>
      database.read({ sql: 'SELECT tokens FROM context_windows' }).then((rows) => rows.length);
    await expect.poll(count).toBe(1);
    expect(await readContext(restart(), 'quiet')).toEqual([16_384, 'learned']);
  });
});

describe('a provider that invents models', () => {
  it('does not fill the database, and its real model stays up to date', async () => {
    const database = openDatabase();
    let round = 0;
    const host = await startHostForTest({
      '/v1/models': json(modelList('m')),
      '/running': (_request, response) => {
        round += 1;
        const made = Array.from({ length: 63 }, (_, index) => `${round}-${index}`);
        const cmd = `x -c ${4096 + round}`;
        const running = ['m', ...made].map((model) => ({ model, state: 'ready', cmd }));
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ running }));
      },
    });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` }, { database });
    while (round < 20) await app.read('/api/models?refresh=1');
    const count = async () =>
      (await database.read({ sql: 'SELECT count(*) AS n FROM context_windows' }))[0]?.['n'];
    await expect.poll(count).toBe(1000);
    const sql = "SELECT tokens FROM context_windows WHERE model = 'm'";
    await expect.poll(async () => (await database.read({ sql }))[0]?.['tokens']).toBe(4096 + round);
  });
});

describe('an invalid context window', () => {
  const record = (fields: object) => ({ data: [{ id: 'm', ...fields }] });
  const running = (fields: object) => ({ running: [{ model: 'm', state: 'ready', ...fields }] });
  it.each([
    [
      'declared as a negative number',
      record({ context_length: -1, meta: { n_ctx: -5 } }),
      running({}),
    ],
    ['declared as text', record({ context_length: '4096' }), running({})],
    ['declared as a trillion', record({ context_length: 1e12 }), running({})],
    ['in a command of 1 MiB', record({}), running({ cmd: `x -c 4096 ${'y'.repeat(2 ** 20)}` })],
    ['with /running as an array', record({}), [{ model: 'm', state: 'ready' }]],
  ])('is ignored: %s', async (_, list, loaded) => {
    const host = await startHostForTest({ '/v1/models': json(list), '/running': json(loaded) });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect(await readContext(app, 'm')).toEqual([null, 'unknown']);
  });

  test('does not matter when a list has a model twice and /running is HTML: the first entry counts', async () => {
    const host = await startHostForTest({
      '/v1/models': json({
        data: [
          { id: 'm', context_length: 1 },
          { id: 'm', context_length: 2 },
        ],
      }),
      '/running': text('<h1>hello</h1>'),
    });
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const { providers } = await app.read('/api/models');
    expect(providers[0].models).toMatchObject([{ id: 'a/m', contextWindow: 1 }]);
  });
});
