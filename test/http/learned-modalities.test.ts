import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DemoModel } from '../../demo/demo-model.ts';
import { openMigratedDatabase } from '../../src/runtime/database.ts';
import { startHost, type StartedHost } from '../demo/host-fixture.ts';
import { json, modelList, startHost as startOddHost, whileTesting } from '../hosts.ts';
import { makeApp, makeFolder, put, type TestApp } from '../make-app.ts';

const VISION_ONLY = { vision: true, audio: false };
const MODELS: DemoModel[] = [
  { id: 'vision', aliases: ['look'], runtimeModalities: VISION_ONLY, loadMs: 5 },
  { id: 'audio', runtimeModalities: { vision: false, audio: true }, loadMs: 5 },
  { id: 'both', runtimeModalities: { vision: true, audio: true }, loadMs: 5 },
  { id: 'text', runtimeModalities: { vision: false, audio: false }, loadMs: 5 },
];

/** A provider `a`, an app, and a function that starts another app on the same database. */
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

async function chatWith(app: TestApp, model: string): Promise<void> {
  const init = put({ model, messages: [{ role: 'user', content: 'x' }] });
  const answer = await app.ask('/v1/chat/completions', { ...init, method: 'POST' });
  expect(answer.status).toBe(200);
  await answer.text();
}

const propsRequestsOf = (host: StartedHost) =>
  [...host.counts.requests].filter(([name]) => name.endsWith('/props'));

async function readModel(app: TestApp, name: string) {
  const { providers } = await app.read('/api/models');
  const { capabilities, modalities } = providers[0].models.find(({ model }: any) => model === name);
  return { capabilities, inputs: modalities.input };
}

const expectModel = (app: TestApp, name: string) =>
  expect.poll(() => readModel(app, name), { timeout: 3000, interval: 10 });

const UNKNOWN = { capabilities: [], inputs: [] };
const VISION = { capabilities: ['vision'], inputs: ['text', 'image'] };

describe('the modalities of a model’s own server', () => {
  it.each([
    ['vision', VISION],
    ['audio', { capabilities: ['audio'], inputs: ['text', 'audio'] }],
    ['both', { capabilities: ['audio', 'vision'], inputs: ['text', 'image', 'audio'] }],
    ['text', { capabilities: [], inputs: ['text'] }],
  ])('give %s its capabilities after it has answered a client', async (name, expected) => {
    const { host, app } = await setUp();
    expect(await readModel(app, name)).toEqual(UNKNOWN);
    await chatWith(app, name);
    await expectModel(app, name).toEqual(expected);
    await chatWith(app, name);
    await sleep(100);
    expect(propsRequestsOf(host)).toEqual([[`GET /upstream/${name}/props`, 1]]);
  });

  it('are remembered after an unload, and by the next process', async () => {
    const { host, app, restart } = await setUp();
    await chatWith(app, 'vision');
    await expectModel(app, 'vision').toEqual(VISION);
    await host.unload();
    await app.read('/api/models?refresh=1');
    expect(await readModel(app, 'vision')).toEqual(VISION);
    await expectModel(restart(), 'vision').toEqual(VISION);
    await chatWith(app, 'text');
    await expectModel(app, 'text').toMatchObject({ inputs: ['text'] });
    await expectModel(restart(), 'text').toEqual({ capabilities: [], inputs: ['text'] });
  });

  it('are updated by the next load', async () => {
    const models = [{ id: 'vision', runtimeModalities: VISION_ONLY, loadMs: 5 }];
    const { host, app, restart } = await setUp(models);
    await chatWith(app, 'vision');
    await expectModel(app, 'vision').toEqual(VISION);
    await host.unload();
    await app.read('/api/models?refresh=1');
    Object.assign(models[0]!, { runtimeModalities: { vision: false, audio: false } });
    await chatWith(app, 'vision');
    await expectModel(app, 'vision').toEqual({ capabilities: [], inputs: ['text'] });
    await expectModel(restart(), 'vision').toEqual({ capabilities: [], inputs: ['text'] });
  });

  it('appear in the opencode configuration', async () => {
    const { app } = await setUp();
    await chatWith(app, 'vision');
    await expectModel(app, 'vision').toEqual(VISION);
    const { models } = (await app.read('/api/opencode.json')).provider.paddock;
    expect(models['a/vision']).toMatchObject({ attachment: true });
    expect(models['a/text']).not.toHaveProperty('attachment');
  });

  it('add to the capabilities that the provider lists', async () => {
    const models = [
      {
        id: 'm',
        capabilities: ['function_calling', 'vision'],
        runtimeModalities: { vision: false, audio: true },
        loadMs: 5,
      },
    ];
    const { app } = await setUp(models);
    await chatWith(app, 'm');
    await expectModel(app, 'm').toMatchObject({
      capabilities: ['audio', 'function_calling', 'vision'],
    });
  });

  it.each([
    ['configured', '?context=1000', {}],
    ['declared', '', { contextLength: 2000 }],
  ])('are not requested when the window is %s', async (_, options, fields) => {
    const models = [{ id: 'vision', runtimeModalities: VISION_ONLY, loadMs: 5, ...fields }];
    const { host, app } = await setUp(models, options);
    await chatWith(app, 'vision');
    await sleep(150);
    expect(await readModel(app, 'vision')).toEqual(UNKNOWN);
    expect(propsRequestsOf(host)).toEqual([]);
  });
});

/** A provider with this list and these props. */
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

const entryOf = (id: string, fields: object) => ({ id, meta: { llamaswap: fields } });

describe('a model’s own server', () => {
  it.each([
    ['no modalities', {}, UNKNOWN],
    ['null', { modalities: null }, UNKNOWN],
    ['names', { modalities: ['vision'] }, UNKNOWN],
    ['strings', { modalities: { vision: 'true', audio: 1 } }, UNKNOWN],
    ['vision alone', { modalities: { vision: true } }, VISION],
    ['vision and an invalid audio', { modalities: { vision: true, audio: 'yes' } }, VISION],
  ])('that reports %s gives only valid capabilities', async (_, fields, expected) => {
    const props = { default_generation_settings: { n_ctx: 4096 }, ...fields };
    const app = await setUpOdd({ list: modelList('m'), props });
    await chatWith(app, 'm');
    await expect
      .poll(async () => (await app.read('/api/context?model=a/m')).contextWindow)
      .toBe(4096);
    expect(await readModel(app, 'm')).toEqual(expected);
  });

  it('gives capabilities without a window', async () => {
    const app = await setUpOdd({ list: modelList('m'), props: { modalities: VISION_ONLY } });
    await chatWith(app, 'm');
    await expectModel(app, 'm').toEqual(VISION);
  });

  it('gives capabilities to aliases of its model, and to a selector only with all its targets', async () => {
    const list = {
      object: 'list',
      data: [
        entryOf('m', { type: 'model', aliases: ['look'] }),
        entryOf('n', { type: 'model' }),
        entryOf('look', { type: 'alias', modelID: 'm' }),
        entryOf('one', { type: 'selector', strategy: 'warm', targets: ['m'] }),
        entryOf('two', { type: 'selector', strategy: 'warm', targets: ['m', 'n'] }),
      ],
    };
    const props = { default_generation_settings: { n_ctx: 4096 }, modalities: VISION_ONLY };
    const app = await setUpOdd({ list, props });
    await chatWith(app, 'look');
    for (const name of ['m', 'look', 'one']) await expectModel(app, name).toEqual(VISION);
    for (const name of ['n', 'two']) expect(await readModel(app, name)).toEqual(UNKNOWN);
  });
});
