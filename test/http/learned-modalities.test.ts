import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { startHost, type StartedHost } from '../demo/host-fixture.ts';
import { json, modelList, startHost as startOddHost, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, put, type TestApp } from '../make-app.ts';

const SEES = { vision: true, audio: false };
const MODELS: DemoModel[] = [
  { id: 'eye', aliases: ['look'], runtimeModalities: SEES, loadMs: 5 },
  { id: 'ear', runtimeModalities: { vision: false, audio: true }, loadMs: 5 },
  { id: 'both', runtimeModalities: { vision: true, audio: true }, loadMs: 5 },
  { id: 'pen', runtimeModalities: { vision: false, audio: false }, loadMs: 5 },
];

/** A provider `a`, and an app before it that makes others like itself over the same database. */
async function setUp(models: DemoModel[] = MODELS, options = '') {
  const host = await startHost({ models });
  const database = openMigratedDatabase({
    url: `file:${join(makeFolder(), 'paddock.db')}`,
    authToken: null,
  });
  const restart = () =>
    makeApp({ PROVIDERS: `a=llama-swap://${new URL(host.url).host}${options}` }, { database });
  return { host, app: restart(), restart };
}

async function ask(app: TestApp, model: string): Promise<void> {
  const init = put({ model, messages: [{ role: 'user', content: 'x' }] });
  const answer = await app.ask('/v1/chat/completions', { ...init, method: 'POST' });
  expect(answer.status).toBe(200);
  await answer.text();
}

const asksOf = (host: StartedHost) =>
  [...host.counts.requests].filter(([name]) => name.endsWith('/props'));

async function readModel(app: TestApp, name: string) {
  const { providers } = await app.read('/api/models');
  const { capabilities, modalities } = providers[0].models.find(({ model }: any) => model === name);
  return { capabilities, takes: modalities.input };
}

const expectModel = (app: TestApp, name: string) =>
  expect.poll(() => readModel(app, name), { timeout: 3000, interval: 10 });

const NOTHING = { capabilities: [], takes: [] };
const VISION = { capabilities: ['vision'], takes: ['text', 'image'] };

describe('what a model’s own server says that it takes', () => {
  it.each([
    ['eye', VISION],
    ['ear', { capabilities: ['audio'], takes: ['text', 'audio'] }],
    ['both', { capabilities: ['audio', 'vision'], takes: ['text', 'image', 'audio'] }],
    ['pen', { capabilities: [], takes: ['text'] }],
  ])('gives %s its capabilities once it has answered a client', async (name, expected) => {
    const { host, app } = await setUp();
    expect(await readModel(app, name)).toEqual(NOTHING);
    await ask(app, name);
    await expectModel(app, name).toEqual(expected);
    await ask(app, name);
    await sleep(100);
    expect(asksOf(host)).toEqual([[`GET /upstream/${name}/props`, 1]]);
  });

  it('is learned: it is known when the model is unloaded, and to the next process', async () => {
    const { host, app, restart } = await setUp();
    await ask(app, 'eye');
    await expectModel(app, 'eye').toEqual(VISION);
    await host.unload();
    await app.read('/api/models?refresh=1');
    expect(await readModel(app, 'eye')).toEqual(VISION);
    await expectModel(restart(), 'eye').toEqual(VISION);
    await ask(app, 'pen');
    await expectModel(app, 'pen').toMatchObject({ takes: ['text'] });
    await expectModel(restart(), 'pen').toEqual({ capabilities: [], takes: ['text'] });
  });

  it('is corrected by the next load', async () => {
    const models = [{ id: 'eye', runtimeModalities: SEES, loadMs: 5 }];
    const { host, app, restart } = await setUp(models);
    await ask(app, 'eye');
    await expectModel(app, 'eye').toEqual(VISION);
    await host.unload();
    await app.read('/api/models?refresh=1');
    Object.assign(models[0]!, { runtimeModalities: { vision: false, audio: false } });
    await ask(app, 'eye');
    await expectModel(app, 'eye').toEqual({ capabilities: [], takes: ['text'] });
    await expectModel(restart(), 'eye').toEqual({ capabilities: [], takes: ['text'] });
  });

  it('reaches opencode', async () => {
    const { app } = await setUp();
    await ask(app, 'eye');
    await expectModel(app, 'eye').toEqual(VISION);
    const { models } = (await app.read('/api/opencode.json')).provider.paddock;
    expect(models['a/eye']).toMatchObject({ attachment: true });
    expect(models['a/pen']).not.toHaveProperty('attachment');
  });

  it('is added to what the provider lists', async () => {
    const models = [
      {
        id: 'm',
        capabilities: ['function_calling', 'vision'],
        runtimeModalities: { vision: false, audio: true },
        loadMs: 5,
      },
    ];
    const { app } = await setUp(models);
    await ask(app, 'm');
    await expectModel(app, 'm').toMatchObject({
      capabilities: ['audio', 'function_calling', 'vision'],
    });
  });

  it.each([
    ['configured', '?context=1000', {}],
    ['declared', '', { contextLength: 2000 }],
  ])('is not asked for where the window is %s', async (_, options, fields) => {
    const models = [{ id: 'eye', runtimeModalities: SEES, loadMs: 5, ...fields }];
    const { host, app } = await setUp(models, options);
    await ask(app, 'eye');
    await sleep(150);
    expect(await readModel(app, 'eye')).toEqual(NOTHING);
    expect(asksOf(host)).toEqual([]);
  });
});

/** A provider whose list and model server answer these. */
async function setUpOdd(options: { list: object; props: object }) {
  const host = await whileTesting(
    startOddHost({
      '/v1/models': json(options.list),
      '/running': json({ running: [{ model: 'm', state: 'ready' }] }),
      '/api/profiles': json({ active: null, profiles: [] }),
      '/v1/chat/completions': json({ choices: [] }),
      '/upstream/m/props': json(options.props),
      '/upstream/look/props': json(options.props),
    }),
  );
  return makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
}

const swap = (id: string, fields: object) => ({ id, meta: { llamaswap: fields } });

describe('a model’s own server', () => {
  it.each([
    ['no modalities', {}, NOTHING],
    ['null', { modalities: null }, NOTHING],
    ['names', { modalities: ['vision'] }, NOTHING],
    ['texts', { modalities: { vision: 'true', audio: 1 } }, NOTHING],
    ['one of them', { modalities: { vision: true } }, VISION],
    ['one, and one that is odd', { modalities: { vision: true, audio: 'yes' } }, VISION],
  ])('that says %s is believed as far as it is clear', async (_, fields, expected) => {
    const props = { default_generation_settings: { n_ctx: 4096 }, ...fields };
    const app = await setUpOdd({ list: modelList('m'), props });
    await ask(app, 'm');
    await expect
      .poll(async () => (await app.read('/api/context?model=a/m')).contextWindow)
      .toBe(4096);
    expect(await readModel(app, 'm')).toEqual(expected);
  });

  it('that says no window is believed about modalities', async () => {
    const app = await setUpOdd({ list: modelList('m'), props: { modalities: SEES } });
    await ask(app, 'm');
    await expectModel(app, 'm').toEqual(VISION);
  });

  it('speaks for the aliases of its model, and for a selector only with all of its targets', async () => {
    const list = {
      object: 'list',
      data: [
        swap('m', { type: 'model', aliases: ['look'] }),
        swap('n', { type: 'model' }),
        swap('look', { type: 'alias', modelID: 'm' }),
        swap('one', { type: 'selector', strategy: 'warm', targets: ['m'] }),
        swap('two', { type: 'selector', strategy: 'warm', targets: ['m', 'n'] }),
      ],
    };
    const props = { default_generation_settings: { n_ctx: 4096 }, modalities: SEES };
    const app = await setUpOdd({ list, props });
    await ask(app, 'look');
    for (const name of ['m', 'look', 'one']) await expectModel(app, name).toEqual(VISION);
    for (const name of ['n', 'two']) expect(await readModel(app, name)).toEqual(NOTHING);
  });
});
