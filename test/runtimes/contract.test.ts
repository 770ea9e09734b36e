import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { RUNTIMES, startForTest, type Instance, type Runtime } from './runtimes.ts';

const PROBE_TIMEOUT_MS = 10_000;

describe.each(RUNTIMES)('on %s', (name, make) => {
  const hosts: Host[] = [];
  let runtime: Runtime;
  let settings: Record<string, string>;
  let paddock: Instance;

  beforeAll(async () => {
    hosts.push(
      await startModels(['qwen3-8b', 'org/large:q4']),
      await startHost({ '/v1/models': hang }),
    );
    const [good, hanging] = hosts.map(({ port }) => port);
    settings = {
      PROVIDERS: [
        `good=llama-swap://s3cret@127.0.0.1:${good}`,
        `hanging=llama-swap://127.0.0.1:${hanging}?timeout=400`,
        `dead=llama-swap://127.0.0.1:${await findDeadPort()}`,
      ].join(' '),
      MODEL_ALIASES: 'fast=good/qwen3-8b',
      CATALOG_TTL_MS: '500',
      PROBE_TIMEOUT_MS: String(PROBE_TIMEOUT_MS),
      MAX_BODY_BYTES: '2000',
    };
    runtime = await make();
    paddock = await runtime.start(settings);
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await Promise.all(hosts.map((host) => host.close()));
  });

  const ask = (path: string, init?: RequestInit) => fetch(paddock.url + path, init);
  const read = async (path: string): Promise<any> => (await ask(path)).json();
  const put = (path: string, body?: string) => {
    const headers = { 'content-type': 'application/json' };
    return ask(path, body === undefined ? { method: 'PUT' } : { method: 'PUT', headers, body });
  };

  it('returns 200 for /health and /ready', async () => {
    expect([(await ask('/health')).status, (await ask('/ready')).status]).toEqual([200, 200]);
  });

  it('answers 50 first requests with one round of probes', async () => {
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('/api/models')));
    // `hanging` never answers. Without its timeout of 400 ms, this would take longer.
    expect(performance.now() - startedAt).toBeLessThan(PROBE_TIMEOUT_MS);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(hosts[0]?.requests.toSorted()).toEqual(['/running', '/v1/models']);
    const [{ providers }] = await Promise.all(answers.map((answer): Promise<any> => answer.json()));
    const states = providers.map((group: any) => [group.name, group.status, group.error?.code]);
    expect(states).toEqual([
      ['good', 'online', undefined],
      ['hanging', 'offline', 'provider_timeout'],
      ['dead', 'offline', 'provider_unreachable'],
    ]);
    expect(providers[0].models.map(({ id }: any) => id)).toEqual([
      'good/org/large:q4',
      'good/qwen3-8b',
    ]);
  });

  it('answers immediately from an old snapshot and probes in the background', async () => {
    const { generatedAt } = await read('/api/models?refresh=1');
    await sleep(600);
    const before = hosts[0]?.requests.length ?? 0;
    expect((await read('/api/models')).generatedAt).toBe(generatedAt);
    await expect.poll(() => hosts[0]?.requests.length, { timeout: 5000 }).toBe(before + 2);
    await sleep(700);
    expect(hosts[0]?.requests).toHaveLength(before + 2);
  });

  it('answers clients that wait for the probes of a client that left', async () => {
    const leaving = new AbortController();
    const left = ask('/api/models?refresh=1', { signal: leaving.signal }).catch(() => 'left');
    await sleep(50);
    const waiting = ask('/api/models?refresh=1');
    await sleep(20);
    leaving.abort();
    expect(await left).toBe('left');
    expect((await waiting).status).toBe(200);
    expect((await ask('/api/models?refresh=1')).status).toBe(200);
  });

  it('returns 304 for a current ETag', async () => {
    const first = await ask('/api/models');
    await first.arrayBuffer();
    const etag = first.headers.get('etag') ?? '';
    const again = await ask('/api/models', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('lists models as OpenAI does', async () => {
    const { data } = await read('/v1/models');
    expect(data.map(({ id }: any) => id)).toContain('good/org/large:q4');
    expect(await read('/v1/models/good/org/large:q4')).toMatchObject({ owned_by: 'good' });
    expect(await read('/v1/models/good%2Forg%2Flarge%3Aq4')).toMatchObject({ owned_by: 'good' });
  });

  it('resolves aliases and bare IDs', async () => {
    expect(await read('/api/resolve?model=fast')).toMatchObject({
      id: 'good/qwen3-8b',
      via: 'alias',
      available: true,
    });
    expect(await read('/api/resolve?model=org/large%3Aq4')).toMatchObject({
      id: 'good/org/large:q4',
      via: 'bare',
    });
    expect(JSON.stringify(await read('/api/resolve?model=fast'))).not.toContain('s3cret');
  });

  it('keeps favorites across a restart and a kill', async () => {
    expect((await put('/api/favorites/org/large:q4')).status).toBe(201);
    await paddock.stop();
    paddock = await runtime.start(settings);
    expect((await put('/api/favorites/fast')).status).toBe(201);
    await paddock.kill();
    paddock = await runtime.start(settings);
    expect((await put('/api/favorites', '{"ids":["fast","org/large:q4"]}')).status).toBe(200);
    const { favorites, hiddenFavorites } = await read('/api/models');
    expect(favorites.map(({ id }: any) => id)).toEqual(['good/qwen3-8b', 'good/org/large:q4']);
    expect(hiddenFavorites).toBe(0);
    expect((await ask('/api/favorites/fast', { method: 'DELETE' })).status).toBe(204);
    expect((await read('/api/favorites')).favorites).toMatchObject([
      { id: 'good/org/large:q4', position: 0, available: true },
    ]);
  });

  it('keeps 40 favorites that are added concurrently', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `good/many-${index}`);
    const answers = await Promise.all(ids.map((id) => put(`/api/favorites/${id}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const stored = (await read('/api/favorites')).favorites.map(({ id }: any) => id);
    expect(stored).toEqual(expect.arrayContaining(ids));
  });

  it.each([
    ['an unknown route', '/nope', {}, 404, 'not_found'],
    ['a wrong method', '/api/models', { method: 'POST' }, 405, 'method_not_allowed'],
    ['an ID that is not UTF-8', '/api/resolve?model=%ff', {}, 400, 'invalid_model_id'],
    [
      'an ID of 513 characters',
      `/api/resolve?model=${'m'.repeat(513)}`,
      {},
      400,
      'invalid_model_id',
    ],
    ['an unlisted model', '/v1/models/dead/x', {}, 404, 'not_found'],
    ['an order that is not JSON', '/api/favorites', { body: '{"ids":' }, 400, 'invalid_request'],
    ['an order of other favorites', '/api/favorites', { body: '{"ids":[]}' }, 409, 'conflict'],
    [
      'a body that is too large',
      '/api/favorites',
      { body: ' '.repeat(2001) },
      413,
      'body_too_large',
    ],
  ])(
    'returns an error in the common shape for %s',
    async (_name, path, init: RequestInit, status, code) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask(path, init.body ? { method: 'PUT', headers, ...init } : init);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ src: 'paddock', error: { code } });
    },
  );

  it.each([
    ['raw', 'good/org/a:b+c@d=e~f'],
    ['percent-encoded', 'good%2Forg%2Fa%3Ab%2Bc%40d%3De%7Ef'],
  ])('accepts a %s ID in a path', async (_name, id) => {
    expect(await (await put(`/api/favorites/${id}`)).json()).toMatchObject({
      id: 'good/org/a:b+c@d=e~f',
    });
  });

  it('accepts any Unicode in an ID', async () => {
    const id = 'good/模型 é 🐎 100%/x?y#z';
    expect(await (await put(`/api/favorites/${encodeURIComponent(id)}`)).json()).toMatchObject({
      id,
    });
    expect(await read(`/api/resolve?model=${encodeURIComponent(id)}`)).toMatchObject({ id });
    expect(
      (await ask(`/api/favorites/${encodeURIComponent(id)}`, { method: 'DELETE' })).status,
    ).toBe(204);
    expect(JSON.stringify(await read('/api/favorites'))).not.toContain('🐎');
  });

  it('serves the OpenAPI document and a reference page without foreign resources', async () => {
    const document = await read('/openapi.json');
    expect(document.openapi).toMatch(/^3\.1/);
    const page = await (await ask('/docs')).text();
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    for (const [, path = ''] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const part = await ask(path);
      expect([path, part.status]).toEqual([path, 200]);
      await part.arrayBuffer();
    }
  });

  it('serves metrics, and on workerd a 404 that explains why there are none', async () => {
    const answer = await ask('/metrics');
    if (name !== 'workerd') return expect(answer.status).toBe(200);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { code: 'not_found', message: expect.stringMatching(/on Workers\b.* platform/) },
    });
  });

  it('returns 503 no_providers without providers', async () => {
    const bare = await startForTest(runtime.start());
    const answer = await fetch(`${bare.url}/api/models`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'no_providers' } });
  });

  it('does not serve with invalid settings, and names all faults in the log only', async () => {
    const faulty = { PROVIDERS: 'a=ftp://t0ken@x b=llama-swap://u:p4ss@y', CATALOG_TTL_MS: 'soon' };
    const said = await startForTest(runtime.start(faulty)).then(
      async (instance) => {
        const answer = await fetch(`${instance.url}/api/models`);
        expect(answer.status).toBe(500);
        const body = await answer.text();
        const internal = { src: 'paddock', error: { code: 'internal_error' } };
        expect(JSON.parse(body)).toMatchObject(internal);
        expect(body).not.toMatch(/CATALOG_TTL_MS|t0ken/);
        await expect.poll(() => instance.output()).toContain('entry 2');
        return instance.output();
      },
      (error: Error) => error.message,
    );
    expect(said).toMatch(/CATALOG_TTL_MS.*PROVIDERS, entry 1 "a".*PROVIDERS, entry 2 "b"/s);
    expect(said).not.toMatch(/t0ken|p4ss/);
    if (name !== 'workerd') expect(said).toContain('It ended (2)');
  });

  it('distinguishes the kinds of faulty providers without waiting longer for any', async () => {
    const target = await startModels(['elsewhere']);
    const redirect = `http://127.0.0.1:${target.port}/v1/models`;
    const faulty: Record<string, Parameters<typeof startHost>[0][string]> = {
      'breaks-off': breakOff,
      floods: flood(40 << 20),
      hangs: hang,
      html: text('<html>'),
      key: text('no', 'text/plain', 401),
      redirects: (_request, response) => response.writeHead(302, { location: redirect }).end(),
    };
    const names = Object.keys(faulty);
    const bad = await Promise.all(
      names.map((kind) => startHost({ '/v1/models': faulty[kind] ?? hang })),
    );
    const entries = bad.map(({ port }, index) => {
      // workerd reads a large body in small pieces, which takes a second or two.
      const timeout = names[index] === 'floods' ? 8000 : 1000;
      return `${names[index]}=llama-swap://127.0.0.1:${port}?timeout=${timeout}`;
    });
    const other = await startForTest(runtime.start({ PROVIDERS: entries.join(' ') }));
    const startedAt = performance.now();
    const { providers } = (await (await fetch(`${other.url}/api/models`)).json()) as any;
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(providers.map((one: any) => [one.name, one.status, one.error.code])).toEqual([
      ['breaks-off', 'offline', 'provider_unreachable'],
      ['floods', 'invalid', 'invalid_response'],
      ['hangs', 'offline', 'provider_timeout'],
      ['html', 'invalid', 'invalid_response'],
      ['key', 'unauthorized', 'unauthorized'],
      ['redirects', 'invalid', 'invalid_response'],
    ]);
    expect(target.requests).toEqual([]);
    await Promise.all([target, ...bad].map((host) => host.close()));
  });

  it('lists the models of a llama-swap without /running', async () => {
    const old = await startHost({ '/v1/models': json(modelList('old')) });
    const PROVIDERS = `old=llama-swap://127.0.0.1:${old.port}`;
    const other = await startForTest(runtime.start({ PROVIDERS }));
    const { data } = (await (await fetch(`${other.url}/v1/models`)).json()) as any;
    expect(data).toHaveLength(1);
    await old.close();
  });
});
