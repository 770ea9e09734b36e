import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  breakOff,
  findDeadPort,
  flood,
  hang,
  json,
  modelList,
  startHost,
  startModels,
  text,
  type Host,
} from '../hosts.ts';
import { makeApp } from '../make-app.ts';
import { createStillClock, passDuring } from '../still-clock.ts';

const hosts: Host[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function keep(host: Promise<Host>): Promise<Host> {
  hosts.push(await host);
  return host;
}

describe('faulty providers', () => {
  const rows: [string, Parameters<typeof startHost>[0], string, string, RegExp][] = [
    ['hangs', { '/v1/models': hang }, 'offline', 'provider_timeout', /within 1000 ms/],
    [
      'breaks off',
      { '/v1/models': breakOff },
      'offline',
      'provider_unreachable',
      /closed the connection/,
    ],
    ['answers HTML', { '/v1/models': text('<html>') }, 'invalid', 'invalid_response', /port/],
    [
      'answers something else than a list',
      { '/v1/models': json([]) },
      'invalid',
      'invalid_response',
      /port/,
    ],
    ['sends 40 MiB', { '/v1/models': flood(40 << 20) }, 'invalid', 'invalid_response', /8 MiB/],
    [
      'requires a key',
      { '/v1/models': text('no', 'text/plain', 401) },
      'unauthorized',
      'unauthorized',
      /key/,
    ],
    [
      'answers 500',
      { '/v1/models': text('oh', 'text/plain', 500) },
      'invalid',
      'invalid_response',
      /500/,
    ],
    [
      'is behind a proxy that answers 502',
      { '/v1/models': text('', 'text/plain', 502) },
      'offline',
      'provider_unreachable',
      /502/,
    ],
  ];
  it.each(rows)(
    'are reported in one sentence when one %s',
    async (_name, answers, status, code, message) => {
      const host = await keep(startHost(answers));
      const app = makeApp({ PROVIDERS: `bad=llama-swap://127.0.0.1:${host.port}?timeout=1000` });
      const { providers } = await app.read('/api/models');
      expect(providers[0]).toMatchObject({ status, error: { code }, models: [], latencyMs: null });
      expect(providers[0].error.message).toMatch(message);
      expect(providers[0].error.message).toMatch(/^bad [^.]*\.$/);
      expect(JSON.stringify(providers)).not.toContain('127.0.0.1');
    },
  );

  it('are reported when one refuses the connection', async () => {
    const app = makeApp({ PROVIDERS: `bad=llama-swap://127.0.0.1:${await findDeadPort()}` });
    const { providers } = await app.read('/api/models');
    expect(providers[0]).toMatchObject({
      status: 'offline',
      error: { code: 'provider_unreachable' },
    });
  });

  it('cannot redirect a probe', async () => {
    const target = await keep(startModels(['elsewhere']));
    const redirect = {
      '/v1/models': (_: unknown, response: any) =>
        response.writeHead(302, { location: `http://127.0.0.1:${target.port}/v1/models` }).end(),
    };
    const host = await keep(startHost(redirect));
    const app = makeApp({ PROVIDERS: `bad=llama-swap://127.0.0.1:${host.port}` });
    const { providers } = await app.read('/api/models');
    expect(providers[0]).toMatchObject({ status: 'invalid' });
    expect(providers[0].error.message).toMatch(/redirect/);
    expect(target.requests).toEqual([]);
  });

  it('delay the first answer by at most the longest timeout plus 100 ms', async () => {
    const clock = createStillClock();
    const good = await keep(startModels(['qwen']));
    const bad = await Promise.all(
      [hang, breakOff, text('<html>'), flood(40 << 20)].map((answer) =>
        keep(startHost({ '/v1/models': answer })),
      ),
    );
    const entries = bad.map(({ port }, i) => `bad${i}=llama-swap://127.0.0.1:${port}?timeout=500`);
    const app = makeApp(
      { PROVIDERS: `good=llama-swap://127.0.0.1:${good.port} ${entries.join(' ')}` },
      { clock },
    );
    const reading = app.read('/api/models');
    const isAsked = ({ requests }: Host) => requests.length > 0;
    await expect.poll(() => [good, ...bad].every(isAsked)).toBe(true);
    clock.advance(600);
    const { providers } = await reading;
    expect(providers[0].models.map(({ id }: any) => id)).toEqual(['good/qwen']);
    expect(providers).toHaveLength(5);
  });
});

describe('probes', () => {
  it('list models in unknown state for a provider without /running and newer fields', async () => {
    const host = await keep(startHost({ '/v1/models': json(modelList('old')) }));
    const app = makeApp({ PROVIDERS: `old=llama-swap://127.0.0.1:${host.port}` });
    const { providers } = await app.read('/api/models');
    expect(providers[0].status).toBe('online');
    expect(providers[0].models).toEqual([
      {
        id: 'old/old',
        provider: 'old',
        model: 'old',
        name: 'old',
        description: null,
        kind: 'model',
        peer: null,
        favorite: false,
        state: 'unknown',
        contextWindow: null,
        contextSource: 'unknown',
        aliases: [],
        capabilities: [],
        modalities: { input: [], output: [] },
        alsoOn: [],
      },
    ]);
    expect(host.requests.toSorted()).toEqual(['/running', '/v1/models']);
  });

  it.each([
    ['HTML', text('<html>')],
    ['an array', json([{ model: 'm', state: 'ready' }])],
    ['silence', hang],
  ])('list a provider whose /running answers %s', async (_name, running) => {
    const host = await keep(startHost({ '/v1/models': json(modelList('m')), '/running': running }));
    const clock = createStillClock();
    const PROVIDERS = `odd=llama-swap://127.0.0.1:${host.port}?timeout=200`;
    const app = makeApp({ PROVIDERS }, { clock });
    const { providers } = await passDuring(clock, app.read('/api/models'));
    expect(providers[0].models).toMatchObject([{ id: 'odd/m', state: 'unknown' }]);
  });

  it('never request /running of a provider of kind openai', async () => {
    const host = await keep(startModels(['m']));
    await makeApp({ PROVIDERS: `vllm=openai://127.0.0.1:${host.port}` }).read('/api/models');
    expect(host.requests).toEqual(['/v1/models']);
  });

  it('follow the pins of the active profile, and request profiles only when one is listed', async () => {
    const entryOf = (id: string, type: string) => ({ id, meta: { llamaswap: { type } } });
    const models = [entryOf('a', 'model'), entryOf('b', 'model')];
    let data = [...models, entryOf('code', 'profile')];
    const profiles = [
      { id: 'other', description: '', pins: { code: 'a' } },
      { id: 'coding', description: '', pins: { code: 'b', image: '' } },
    ];
    const host = await keep(
      startHost({
        '/v1/models': (...at) => json({ object: 'list', data })(...at),
        '/running': json({ running: [{ model: 'b', state: 'ready' }] }),
        '/api/profiles': json({ active: 'coding', profiles }),
      }),
    );
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}?context=4096` });
    const before = await app.read('/api/models');
    expect(before.providers[0].models).toMatchObject([
      { id: 'a/a', kind: 'model', state: 'stopped' },
      { id: 'a/b', kind: 'model', state: 'ready' },
      { id: 'a/code', kind: 'profile', state: 'ready' },
    ]);
    expect(host.requests.toSorted()).toEqual(['/api/profiles', '/running', '/v1/models']);
    data = models;
    await app.read('/api/models?refresh=1');
    expect(host.requests.filter((path) => path === '/api/profiles')).toHaveLength(1);
  });

  it.each([
    ['is missing', undefined],
    ['is empty', json({ active: null, profiles: [] })],
    ['is invalid', json({ active: 'p', profiles: [null, { id: 'p', pins: ['code'] }] })],
    ['hangs', hang],
  ])('list a profile in unknown state when /api/profiles %s', async (_name, answer) => {
    const code = { id: 'code', meta: { llamaswap: { type: 'profile' } } };
    const host = await keep(
      startHost({
        '/v1/models': json({ object: 'list', data: [code] }),
        '/running': json({ running: [] }),
        ...(answer && { '/api/profiles': answer }),
      }),
    );
    const clock = createStillClock();
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}?timeout=300`;
    const app = makeApp({ PROVIDERS }, { clock });
    const { providers } = await passDuring(clock, app.read('/api/models'));
    expect(providers[0].models).toMatchObject([{ kind: 'profile', state: 'unknown' }]);
  });

  it('read the null list of an Ollama without models as empty', async () => {
    const host = await keep(startHost({ '/v1/models': json({ object: 'list', data: null }) }));
    const app = makeApp({ PROVIDERS: `a=openai://127.0.0.1:${host.port}` });
    const { providers } = await app.read('/api/models');
    expect(providers[0]).toMatchObject({ status: 'online', error: null, models: [] });
    const { findings } = await app.read('/api/doctor');
    expect(findings).toMatchObject([{ level: 'warning', code: 'no_models' }]);
  });

  it('show the states of /running', async () => {
    const running = ['ready', 'starting', 'stopping'].map((state) => ({ model: state, state }));
    const host = await keep(
      startHost({
        '/v1/models': json(modelList('ready', 'starting', 'stopping', 'stopped')),
        '/running': json({ running }),
      }),
    );
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const { providers } = await app.read('/api/models');
    const states = providers[0].models.map(({ model, state }: any) => [model, state]);
    expect(states.every(([model, state]: string[]) => model === state)).toBe(true);
  });

  it('send a provider its own token, and a placeholder when it has none', async () => {
    const seen: (string | undefined)[] = [];
    const record = (request: any, response: any) => {
      seen.push(request.headers.authorization);
      json(modelList('m'))(request, response);
    };
    const host = await keep(startHost({ '/v1/models': record }));
    const PROVIDERS = `a=openai://s%2Fcret@127.0.0.1:${host.port} b=openai://127.0.0.1:${host.port}`;
    await makeApp({ PROVIDERS }).read('/api/models');
    expect(seen.toSorted()).toEqual(['Bearer no-key', 'Bearer s/cret']);
  });
});

describe('freshness', () => {
  it('probes each provider once for 50 simultaneous requests', async () => {
    const host = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    await Promise.all(Array.from({ length: 50 }, () => app.ask('/api/models')));
    expect(host.requests).toHaveLength(2);
  });

  it('serves a stale snapshot at once while it takes a new one', async () => {
    const clock = createStillClock();
    const first = await keep(startModels(['before']));
    const PROVIDERS = `a=llama-swap://127.0.0.1:${first.port}?timeout=1000`;
    const app = makeApp({ PROVIDERS, CATALOG_TTL_MS: '300' }, { clock });
    await app.read('/api/models');
    await first.close();
    const second = await keep(startModels(['after'], first.port));
    clock.advance(350);
    const models = async () => (await app.read('/v1/models')).data.map(({ id }: any) => id);
    expect(await models()).toEqual(['a/before']);
    await expect.poll(models).toEqual(['a/after']);
    expect(second.requests).toHaveLength(2);
  });

  it('waits at most 300 ms for a very old snapshot, and reports when each provider was checked', async () => {
    const clock = createStillClock();
    const slow = await keep(
      startHost({
        '/v1/models': (request, response) => {
          if (slow.requests.length <= 2) json(modelList('slow'))(request, response);
        },
        '/running': json({ running: [] }),
      }),
    );
    const quick = await keep(startModels(['quick']));
    const app = makeApp(
      {
        PROVIDERS: `slow=llama-swap://127.0.0.1:${slow.port} quick=llama-swap://127.0.0.1:${quick.port}`,
        CATALOG_TTL_MS: '10',
      },
      { clock },
    );
    const before = await app.read('/api/models');
    clock.advance(150);
    let after: any = null;
    const reading = app.read('/api/models').then((answer) => (after = answer));
    for (let passed = 0; passed < 400 && after === null; passed += 10) {
      clock.advance(10);
      await sleep(5);
    }
    expect(after).not.toBeNull();
    await reading;
    expect(after.providers.map(({ status }: any) => status)).toEqual(['online', 'online']);
    expect(after.providers[0].checkedAt).toBe(before.providers[0].checkedAt);
    expect(after.providers[1].checkedAt > before.providers[1].checkedAt).toBe(true);
  });

  it('reports when an offline provider was last online, and null when it never was', async () => {
    const host = await startModels(['m']);
    const app = makeApp({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port} b=llama-swap://127.0.0.1:${await findDeadPort()}`,
    });
    const [{ lastSeenAt, checkedAt }] = (await app.read('/api/models')).providers;
    expect(lastSeenAt).toBe(checkedAt);
    await host.close();
    const [a, b] = (await app.read('/api/models?refresh=1')).providers;
    expect(a).toMatchObject({ status: 'offline', lastSeenAt });
    expect(a.checkedAt > lastSeenAt).toBe(true);
    expect(b).toMatchObject({ status: 'offline', lastSeenAt: null });
  });

  it('probes for ?refresh=1, and not on a timer', async () => {
    const host = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=openai://127.0.0.1:${host.port}` });
    await app.read('/api/models');
    await app.read('/api/models?unknown=1');
    expect(host.requests).toHaveLength(1);
    await app.read('/api/models?refresh=1');
    expect(host.requests).toHaveLength(2);
    await sleep(100);
    expect(host.requests).toHaveLength(2);
  });

  it('shows a provider as offline with its group, and online when it returns', async () => {
    const host = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect((await app.read('/api/models')).providers[0].status).toBe('online');
    await host.close();
    const offline = await app.read('/api/models?refresh=1');
    expect(offline.providers[0]).toMatchObject({ name: 'a', status: 'offline', models: [] });
    await keep(startModels(['m'], host.port));
    expect((await app.read('/api/models?refresh=1')).providers[0].status).toBe('online');
  });
});

describe('the catalog', () => {
  it('keeps the order of the settings, and sorts models with digits as numbers', async () => {
    const b = await keep(startModels(['q-27b', 'q-8b', 'q-8b-vl']));
    const a = await keep(startModels(['q-8b']));
    const app = makeApp({
      PROVIDERS: `b=llama-swap://127.0.0.1:${b.port} a=llama-swap://127.0.0.1:${a.port}?label=Attic&context=4096`,
      DEFAULT_MODEL: 'q-8b',
      MODEL_ALIASES: 'fast=a/q-8b',
    });
    const catalog = await app.read('/api/models');
    expect(catalog.defaultModel).toEqual({ id: 'b/q-8b', available: true });
    expect(catalog.providers.map(({ name, label }: any) => [name, label])).toEqual([
      ['b', 'b'],
      ['a', 'Attic'],
    ]);
    expect(catalog.providers[0].models.map(({ model }: any) => model)).toEqual([
      'q-8b',
      'q-8b-vl',
      'q-27b',
    ]);
    expect(catalog.providers[1].models[0]).toMatchObject({
      alsoOn: ['b/q-8b'],
      aliases: ['fast'],
      contextWindow: 4096,
      contextSource: 'configured',
    });
  });

  it('counts models in /api/providers, and leaves offline providers out of /v1/models', async () => {
    const a = await keep(startModels(['x', 'y']));
    const app = makeApp({
      PROVIDERS: `a=llama-swap://127.0.0.1:${a.port} gone=llama-swap://127.0.0.1:${await findDeadPort()}`,
    });
    const { providers } = await app.read('/api/providers');
    expect(providers.map(({ modelCount }: any) => modelCount)).toEqual([2, 0]);
    expect(providers[0]).not.toHaveProperty('models');
    expect(await app.read('/v1/models')).toMatchObject({
      object: 'list',
      data: [
        { id: 'a/x', object: 'model', created: 0, owned_by: 'a' },
        { id: 'a/y', object: 'model', created: 0, owned_by: 'a' },
      ],
    });
  });

  it.each([
    ['raw', '/v1/models/a/unsloth/gpt-oss:20b', 'a/unsloth/gpt-oss:20b'],
    ['percent-encoded', '/v1/models/a%2Funsloth%2Fgpt-oss%3A20b', 'a/unsloth/gpt-oss:20b'],
    ['bare', '/v1/models/unsloth/gpt-oss:20b', 'a/unsloth/gpt-oss:20b'],
    ['an alias', '/v1/models/oss', 'oss'],
    ['beyond ASCII', `/v1/models/a/${encodeURIComponent('模型 100%')}`, 'a/模型 100%'],
  ])('answers one model by an ID that is %s', async (_name, path, id) => {
    const host = await keep(startModels(['unsloth/gpt-oss:20b', '模型 100%']));
    const app = makeApp({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      MODEL_ALIASES: 'oss=a/unsloth/gpt-oss:20b',
    });
    expect(await app.read(path)).toMatchObject({ id, owned_by: 'a' });
  });

  it('answers 404 for a model that is not listed', async () => {
    const host = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const answer = await app.ask('/v1/models/a/other');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('the ETag', () => {
  it('stays the same after a refresh without changes, so that a client gets 304', async () => {
    const host = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    for (const path of ['/api/models', '/api/providers', '/v1/models']) {
      const first = await app.ask(path);
      const etag = first.headers.get('etag') ?? '';
      const again = await app.ask(`${path}?refresh=1`, { headers: { 'if-none-match': etag } });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([
        304,
        etag,
        '',
      ]);
    }
  });

  it('changes with a favorite, a provider that goes offline, and a model', async () => {
    const first = await keep(startModels(['m']));
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${first.port}` });
    const etag = async (path = '/api/models') => (await app.ask(path)).headers.get('etag');
    const seen = [await etag()];
    await app.ask('/api/favorites/a/m', { method: 'PUT' });
    seen.push(await etag());
    await first.close();
    seen.push(await etag('/api/models?refresh=1'));
    await keep(startModels(['m', 'n'], first.port));
    seen.push(await etag('/api/models?refresh=1'));
    expect(new Set(seen).size).toBe(4);
  });
});

describe('without providers', () => {
  it.each([
    '/api/models',
    '/v1/models',
    '/api/providers',
    '/v1/models/x',
    '/api/resolve?model=x',
    '/ready',
  ])('%s answers 503 and shows how to set PROVIDERS', async (path) => {
    const answer = await makeApp({}).ask(path);
    expect(answer.status).toBe(503);
    const { error } = (await answer.json()) as any;
    expect(error.code).toBe('no_providers');
    expect(error.message).toContain('PROVIDERS="');
  });
});
