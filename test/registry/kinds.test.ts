import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/registry/kinds/kinds.ts';
import { llamaSwap } from '../../src/registry/kinds/llama-swap.ts';
import type { Ask, Body } from '../../src/registry/own-request.ts';
import { IN_PROVIDERS, LISTS_ONLY, type ProviderKind } from '../../src/registry/provider-kind.ts';
import { toPlainRecord } from '../../src/registry/provider-models.ts';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { findDeadPort, json, modelList, startHost, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

/** A kind that Paddock does not have: everything that a new kind declares. */
const barn: ProviderKind = {
  name: 'barn',
  httpPort: 4321,
  list: llamaSwap.list,
  running: llamaSwap.running,
  load: null,
  unload: null,
  servers: null,
  logs: null,
  software: null,
  speaks: 'openai',
  maxTokens: false,
  anthropicBase: '/claude',
  ollamaBase: null,
  settings: { address: 'BARN_URL', key: 'BARN_KEY', timeout: 'BARN_TIMEOUT' },
  contextWindows: { 'barn-large': 77_000 },
};
const can = { running: true, load: false, unload: false, upstream: false, logs: false };

const STOCK: Body<readonly { key: string; isIn: boolean }[]> = {
  expected: 'a stock',
  list: { name: 'stock', maxEntries: 100 },
  schema: v.pipe(
    v.object({ stock: v.array(v.object({ key: v.string(), isIn: v.boolean() })) }),
    v.transform(({ stock }) => stock),
  ),
};

const readStock = (ask: Ask) => ask({ path: '/stock', body: STOCK });

/** A kind whose API is like no other: one list says what there is and what is loaded. */
const silo: ProviderKind = {
  ...LISTS_ONLY,
  name: 'silo',
  httpPort: 4322,
  async list(ask) {
    const stock = await readStock(ask);
    if (stock.kind !== 'ok') return stock;
    const records = new Map(stock.value.map(({ key }) => [key, toPlainRecord(key)]));
    return { kind: 'ok', value: { records, pins: new Map(), isCut: false } };
  },
  running: {
    async read(ask) {
      const stock = await readStock(ask);
      if (stock.kind !== 'ok') return stock;
      const loaded = stock.value.filter(({ isIn }) => isIn);
      const toModel = { state: 'ready', commandContext: 8192 } as const;
      return { kind: 'ok', value: new Map(loaded.map(({ key }) => [key, toModel])) };
    },
    async show(ask) {
      const stock = await readStock(ask);
      if (stock.kind !== 'ok') return stock;
      const loaded = stock.value.filter(({ isIn }) => isIn);
      const running = loaded.map(({ key }) => ({ model: key, state: 'ready' }));
      return { kind: 'ok', value: { running } };
    },
  },
  load: (ask, { model }) => ask({ method: 'POST', path: '/fill', json: { key: model } }),
  unload: (ask, { model }) => ask({ method: 'POST', path: '/empty', json: { key: model } }),
  speaks: 'openai',
  maxTokens: false,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
};

const kinds = [...KINDS, barn, silo];

async function startBarn() {
  const host = await whileTesting(
    startHost({
      '/v1/models': json(modelList('barn-large', 'small')),
      '/running': json({ running: [{ model: 'small', state: 'ready', cmd: '-c 4096' }] }),
      '/claude/v1/messages': json({ type: 'message' }),
    }),
  );
  const app = makeApp({ PROVIDERS: `b=barn://127.0.0.1:${host.port}` }, { kinds });
  return { host, app };
}

describe('a new kind', () => {
  it('has schemes for http and https', () => {
    const { registry } = parseSettings({ PROVIDERS: 'a=barn://x b=barns://x' }, { kinds });
    const rows = [...registry.providers.values()].map(({ kind, baseUrl }) => [kind, baseUrl]);
    expect(rows).toEqual([
      [barn, 'http://x:4321'],
      [barn, 'https://x'],
    ]);
    expect(registry.defaultProvider).toBe('a');
  });

  it('is unknown unless it is registered', () => {
    const parse = () => parseSettings({ PROVIDERS: 'a=barn://x' });
    expect(parse).toThrow(/with the scheme llama-swap, llama-swaps, .*, openai or openais$/);
    expect(parse).toThrow(SettingsError);
    const misspelt = () => parseSettings({ PROVIDERS: 'a=barm://x' }, { kinds });
    expect(misspelt).toThrow(/openais, barn, barns, silo or silos$/);
  });

  it('is listed with its capabilities, and probed for loaded models', async () => {
    const { app, host } = await startBarn();
    const { providers } = await app.read('/api/models');
    expect(providers).toMatchObject([{ kind: 'barn', can, status: 'online' }]);
    expect(providers[0].models).toMatchObject([
      { id: 'b/barn-large', state: 'stopped', contextWindow: 77_000, contextSource: 'static' },
      { id: 'b/small', state: 'ready', contextWindow: 4096, contextSource: 'loaded' },
    ]);
    expect(host.requests.toSorted()).toEqual(['/running', '/v1/models']);
    const { providers: rows } = await app.read('/api/providers');
    expect(rows).toMatchObject([{ kind: 'barn', can, modelCount: 2 }]);
    expect(await app.read('/api/resolve?model=small')).toMatchObject({ kind: 'barn' });
  });

  it('gets Anthropic requests at its anthropicBase', async () => {
    const { app, host } = await startBarn();
    const body = JSON.stringify({ model: 'small', messages: [] });
    const headers = { 'content-type': 'application/json' };
    const answer = await app.ask('/v1/messages', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    expect(host.requests).toEqual(['/claude/v1/messages']);
  });

  it('answers 409 for capabilities that it lacks, and serves the others', async () => {
    const { app, host } = await startBarn();
    const send = async (path: string, method: string) => {
      const answer = await app.ask(path, { method });
      return [answer.status, ((await answer.json()) as any).error?.message];
    };
    expect(await send('/api/providers/b/running', 'GET')).toEqual([200, undefined]);
    expect(await send('/api/providers/b/unload', 'POST')).toEqual([
      409,
      'b is of kind barn, which cannot report, load or unload models.',
    ]);
    expect(await send('/upstream/b/small/', 'GET')).toEqual([
      409,
      'b is of kind barn, which has no /upstream/: call its models through /v1/.',
    ]);
    expect(host.requests).toEqual(['/running']);
  });

  it('is diagnosed without a check of its release, and named by its settings in errors', async () => {
    const { app, host } = await startBarn();
    const { ok, hosts } = await app.read('/api/doctor');
    expect([ok, hosts[0].kind, hosts[0].can, hosts[0].release]).toEqual([true, 'barn', can, null]);
    expect(host.requests).not.toContain('/api/version');

    const PROVIDERS = `b=barn://127.0.0.1:${await findDeadPort()}`;
    const offline = await makeApp({ PROVIDERS }, { kinds }).read('/api/providers');
    expect(offline.providers[0].error.message).toMatch(/its host and port in BARN_URL/);
  });
});

describe('a made-up kind with an API of its own', () => {
  const stock = [
    { key: 'rye', isIn: true },
    { key: 'oats', isIn: false },
  ];

  async function startSilo() {
    const bodies: string[] = [];
    const host = await whileTesting(
      startHost({
        '/stock': json({ stock }),
        '/fill': (_request, response) => void response.end(),
        '/empty': async (request, response) => {
          bodies.push(`${request.headers['content-type']} ${await text(request)}`);
          response.end();
        },
      }),
    );
    const app = makeApp({ PROVIDERS: `s=silo://127.0.0.1:${host.port}` }, { kinds });
    return { app, host, bodies };
  }

  it('is listed, with what is loaded', async () => {
    const { app, host } = await startSilo();
    const { providers } = await app.read('/api/models');
    expect(providers[0]).toMatchObject({
      status: 'online',
      can: { running: true, load: true, unload: true, upstream: false, logs: false },
      models: [
        { id: 's/oats', state: 'stopped', contextWindow: null },
        { id: 's/rye', state: 'ready', contextWindow: 8192 },
      ],
    });
    expect(host.requests).toEqual(['/stock', '/stock']);
  });

  it('shows and unloads models by its own requests', async () => {
    const { app, bodies } = await startSilo();
    expect(await app.read('/api/providers/s/running')).toEqual({
      running: [{ model: 'rye', state: 'ready' }],
    });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 's/rye' });
    const answer = await app.ask('/api/unload', { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([200, { provider: 's', model: 'rye' }]);
    expect(bodies).toEqual(['application/json {"key":"rye"}']);
  });

  it('loads models by its own requests', async () => {
    const { app, host } = await startSilo();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 's/oats' });
    const answer = await app.ask('/api/load', { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ id: 's/oats', provider: 's', model: 'oats' });
    expect(host.requests).toEqual(['/fill']);
  });

  it('is offline with an error if its list has another form', async () => {
    const host = await whileTesting(startHost({ '/stock': json({ models: [] }) }));
    const app = makeApp({ PROVIDERS: `s=silo://127.0.0.1:${host.port}` }, { kinds });
    const { providers } = await app.read('/api/providers');
    expect(providers[0]).toMatchObject({ status: 'invalid', error: { code: 'invalid_response' } });
  });
});

it('no source file compares names of kinds', () => {
  const names = KINDS.map(({ name }) => name).join('|');
  const comparison = new RegExp(
    `kind\\)?\\??\\s*[!=]==\\s*['"\`](?:${names})|PROVIDER_KINDS|case '(?:${names})'`,
    'u',
  );
  const root = join(import.meta.dirname, '../..');
  const files = ['src', 'ui', 'demo'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(root, folder, path)),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((path) => comparison.test(readFileSync(path, 'utf8')))).toEqual([]);
  expect("provider.kind === 'openai'").toMatch(comparison);
});
