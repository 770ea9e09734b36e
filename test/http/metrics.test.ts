import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { createMetrics } from '../../src/runtime/telemetry/create-metrics.ts';
import { hang, json, modelList, startHost, startModels, whileTesting } from '../hosts.ts';
import { makeApp, put, type TestApp } from '../make-app.ts';
import { parseScrape } from '../prometheus.ts';

const CHAT = '/v1/chat/completions';

const chat = (model: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model }),
});

const makeCounted = (
  environment: Record<string, string>,
  options: Parameters<typeof makeApp>[1] = {},
) => makeApp(environment, { ...options, metrics: createMetrics() });

async function scrape(app: TestApp, init?: RequestInit) {
  const answer = await app.ask('/metrics', init);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return parseScrape(await answer.text());
}

describe('a scrape', () => {
  it('requires a key when API_KEYS is set', async () => {
    const app = makeCounted({ API_KEYS: 'prometheus:k3y' });
    expect((await app.ask('/metrics')).status).toBe(401);
    const headers = { authorization: 'Bearer k3y' };
    await scrape(app, { headers });
    const { value } = await scrape(app, { headers });
    const labels = { route: '/metrics', client: 'prometheus', status: '200' };
    expect(value('paddock_requests_total', labels)).toBe(1);
    expect(value('paddock_errors_total', { code: 'unauthorized' })).toBe(1);
  });

  it('is 404 without metrics, with the reason', async () => {
    expect(await makeApp({}).read('/metrics')).toMatchObject({
      error: { code: 'not_found', message: expect.stringContaining('on Workers') },
    });
  });

  it('has no values for providers before the first probe, and starts none', async () => {
    const host = await whileTesting(startHost({ '/v1/models': hang }));
    const app = makeCounted({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const { own, value } = await scrape(app);
    expect(own.filter(({ labels }) => labels['provider'])).toEqual([]);
    expect(value('paddock_favorites')).toBe(0);
    expect(value('paddock_favorites_hidden')).toBeUndefined();
    expect(host.requests).toEqual([]);
  });

  it('has the values of the last snapshot of any age', async () => {
    const host = await whileTesting(
      startHost({
        '/v1/models': json(modelList('m', 'n', 'n-too')),
        '/running': json({ running: [{ model: 'n', state: 'ready' }] }),
      }),
    );
    const other = await whileTesting(startModels(['x']));
    const app = makeCounted({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port} b=openai://127.0.0.1:${other.port} c=llama-swap://127.0.0.1:9`,
      CATALOG_TTL_MS: '1',
    });
    const before = Date.now() / 1000;
    await app.read('/api/models');
    await other.close();
    const count = host.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { by } = await scrape(app);
    expect(host.requests).toHaveLength(count);
    expect(by('provider', 'paddock_provider_up')).toEqual({ a: 1, b: 1, c: 0 });
    expect(by('provider', 'paddock_provider_models')).toEqual({ a: 3, b: 1, c: 0 });
    // Providers of kind openai and offline providers do not report loaded models.
    expect(by('provider', 'paddock_provider_models_loaded')).toEqual({ a: 1 });
    expect(by('provider', 'paddock_probe_duration_seconds_count')).toEqual({ a: 1, b: 1, c: 1 });
    for (const at of Object.values(by('provider', 'paddock_provider_checked_timestamp_seconds'))) {
      expect(at).toBeGreaterThanOrEqual(before - 1);
      expect(at).toBeLessThanOrEqual(Date.now() / 1000);
    }
  });

  it('waits at most 0.6 s for a database that hangs, and omits unknown values', async () => {
    const hanging = () => new Promise<never>(() => {});
    const database: Database = { read: hanging, write: hanging, script: hanging };
    const app = makeCounted({}, { database });
    const startedAt = performance.now();
    const { value, types } = await scrape(app);
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(value('paddock_database_up')).toBe(0);
    expect(value('paddock_favorites')).toBeUndefined();
    expect(types['paddock_favorites']).toBe('gauge');
  });

  it('counts requests in flight by route', async () => {
    const host = await whileTesting(startHost({ [CHAT]: hang }));
    const app = makeCounted({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const leaving = new AbortController();
    const requests = Array.from({ length: 3 }, () =>
      app.ask(CHAT, { ...chat('a/m'), signal: leaving.signal }),
    );
    await expect.poll(() => host.requests).toHaveLength(3);
    const inFlight = async () => (await scrape(app)).by('route', 'paddock_requests_in_flight');
    expect(await inFlight()).toEqual({ [CHAT]: 3, '/metrics': 1 });
    leaving.abort();
    await Promise.allSettled(requests);
    await expect.poll(inFlight).toEqual({ [CHAT]: 0, '/metrics': 1 });
  });
});

it('docs/metrics.md lists exactly the existing metrics', async () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split(/^## /m);
  const described = [...table.matchAll(/`(paddock_\w+)`/g)].map(([, name]) => name);
  const { types } = await scrape(makeCounted({}));
  const own = Object.keys(types).filter((name) => name.startsWith('paddock_'));
  expect(described.toSorted()).toEqual(own.toSorted());
});

describe('labels', () => {
  it('are bounded, and contain nothing that clients send', async () => {
    const random = createRandom(7);
    const statuses = [200, 201, 400, 404, 429, 500, 503];
    let turn = 0;
    const host = await whileTesting(
      startHost({
        '/v1/models': json(modelList('real-model')),
        '/running': json({ running: [] }),
        [CHAT]: (request, response) =>
          json({ ok: true }, statuses[(turn += 1) % statuses.length])(request, response),
      }),
    );
    const app = makeCounted(
      {
        PROVIDERS: `one=llama-swap://h0st-key@127.0.0.1:${host.port} two=openai://127.0.0.1:${host.port}`,
        API_KEYS: 'laptop:k3y-laptop,phone:k3y-phone,k3y-unnamed',
      },
      // Answer wrong keys without their usual delay.
      { clock: { sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) } },
    );
    const word = () => `w0rd${Math.floor(random() * 2 ** 32).toString(36)}`;
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const paths = [
      () => `/${word()}/${word()}`,
      () => `/v1/${word()}`,
      () => `/api/favorites/one/${word()}`,
      () => `/api/favorites/${word()}%0a"\\`,
      () => `/v1/models/${word()}/${word()}`,
      () => `/upstream/one/${word()}/${word()}`,
      () => `/upstream/${word()}/${word()}`,
      () => `/api/providers/${word()}/running`,
      () => `/docs/${word()}.js`,
      () => `/console/${word()}/${word()}`,
      () => `/api/resolve?model=${word()}&${word()}=${word()}`,
      () => '/api/models',
      () => CHAT,
      () => CHAT,
    ];
    const send = async (): Promise<void> => {
      const method = pick(['GET', 'HEAD', 'POST', 'POST', 'PUT', 'DELETE', word().toUpperCase()]);
      const headers = {
        'content-type': pick(['application/json', word()]),
        'x-request-id': word(),
        [word()]: word(),
        'x-api-key': pick(['k3y-laptop', 'k3y-phone', 'k3y-unnamed', word()]),
      };
      const model = pick([`one/${word()}`, `two/${word()}`, word(), '', null]);
      const body = JSON.stringify({ model, [word()]: word() });
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const answer = await app.ask(pick(paths)(), { method, headers, ...(hasBody && { body }) });
      await answer.text();
    };
    for (let batch = 0; batch < 100; batch += 1) {
      await Promise.all(Array.from({ length: 20 }, send));
    }
    const answer = await app.ask('/metrics', { headers: { 'x-api-key': 'k3y-phone' } });
    const text = await answer.text();
    const { own, by } = parseScrape(text);
    const requests = own.filter(({ name }) => name === 'paddock_requests_total');
    expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(2000);
    const ofRoutes = new Set(
      requests.map(({ labels: { route, provider } }) => `${route} ${provider}`),
    );
    expect(ofRoutes.size).toBeLessThan(20);
    expect(own.length).toBeLessThan(1000);
    expect(Object.keys(by('route', 'paddock_requests_in_flight'))).toContain('unrouted');
    expect(new Set(requests.map(({ labels }) => labels['client']))).toEqual(
      new Set(['laptop', 'phone', '']),
    );
    expect(text).not.toMatch(/w0rd|k3y|h0st-key|real-model|127\.0\.0\.1/i);
  });

  it('are the routes of the OpenAPI document', async () => {
    const app = makeCounted({ PROVIDERS: 'a=llama-swap://127.0.0.1:9' });
    const { paths } = await app.read('/openapi.json');
    for (const path of Object.keys(paths)) {
      for (const method of Object.keys(paths[path])) {
        const body = method === 'get' ? {} : { ...put({}), method: method.toUpperCase() };
        const answer = await app.ask(path.replaceAll(/[{}]/g, ''), body);
        await answer.body?.cancel();
      }
    }
    const counted = (await scrape(app)).by('route', 'paddock_requests_in_flight');
    expect(Object.keys(counted).toSorted()).toEqual(
      [...Object.keys(paths), '/openapi.json'].toSorted(),
    );
  });
});

/** A seeded random number generator: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
