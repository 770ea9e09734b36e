import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createRedact } from '../../src/telemetry/redact.ts';
import { createRenderError } from '../../src/http/render-error.ts';
import { createAccess } from '../../src/http/middleware/require-key.ts';
import { observe } from '../../src/http/middleware/observe.ts';
import { handOver } from '../../src/http/middleware/hand-over.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { createMetrics } from '../../src/runtime/telemetry/create-metrics.ts';
import { makeApp } from '../make-app.ts';

const PROVIDERS = 'lab=llama-swap://zqToken@lab.internal:81?sidecar=http://side.internal:82';
const LISTS = { API_KEYS: 'alice:us3r', ADMIN_KEYS: 'ann:adm1n', METRICS_KEYS: 'prom:m3trics' };
const KEYS = { none: null, wrong: 'zqWrong', user: 'us3r', admin: 'adm1n', metrics: 'm3trics' };
type Who = keyof typeof KEYS;

const basic = (key: string) => `Basic ${Buffer.from(`x:${key}`).toString('base64')}`;
const WAYS: ((key: string) => Record<string, string>)[] = [
  (key) => ({ 'x-api-key': key }),
  (key) => ({ authorization: `Bearer ${key}` }),
  (key) => ({ authorization: basic(key) }),
];

/** The statuses of a path for everybody, each key sent in every way. */
async function askAll(settings: Record<string, string>, path: string) {
  const statuses: Partial<Record<Who, number | string>> = {};
  for (const [who, key] of Object.entries(KEYS) as [Who, string | null][]) {
    const app = makeApp({ PROVIDERS, ...settings }, { metrics: createMetrics() });
    const answers = await Promise.all(
      WAYS.map((way) => app.ask(path, { headers: key === null ? {} : way(key) })),
    );
    const found = await Promise.all(
      answers.map(async (answer) =>
        answer.ok ? answer.status : ((await answer.json()) as any).error.code,
      ),
    );
    expect(new Set(found).size).toBe(1);
    statuses[who] = found[0];
  }
  return statuses;
}

describe('keys open', () => {
  const { API_KEYS, ADMIN_KEYS, METRICS_KEYS } = LISTS;
  const all = { none: 200, wrong: 200, user: 200, admin: 200, metrics: 200 };
  const no = 'unauthorized';
  const locked = { none: no, wrong: no, user: no, admin: no, metrics: no };
  const forbidden = 'forbidden_key';

  it.each([
    ['without any', {}, all, all],
    ['with API_KEYS', { API_KEYS }, { ...locked, user: 200 }, { ...locked, user: 200 }],
    ['with ADMIN_KEYS alone', { ADMIN_KEYS }, all, all],
    ['with METRICS_KEYS alone', { METRICS_KEYS }, all, { ...locked, metrics: 200 }],
    [
      'with API_KEYS and ADMIN_KEYS',
      { API_KEYS, ADMIN_KEYS },
      { ...locked, user: 200, admin: 200 },
      { ...locked, user: 200, admin: 200 },
    ],
    [
      'with API_KEYS and METRICS_KEYS',
      { API_KEYS, METRICS_KEYS },
      { ...locked, user: 200, metrics: forbidden },
      { ...locked, user: 200, metrics: 200 },
    ],
    [
      'with ADMIN_KEYS and METRICS_KEYS',
      { ADMIN_KEYS, METRICS_KEYS },
      all,
      { ...locked, admin: 200, metrics: 200 },
    ],
    [
      'with all three',
      LISTS,
      { ...locked, user: 200, admin: 200, metrics: forbidden },
      { ...locked, user: 200, admin: 200, metrics: 200 },
    ],
  ])('what they are for, and no more, %s', async (_, settings, usual, metrics) => {
    expect(await askAll(settings, '/api/roles')).toEqual(usual);
    expect(await askAll(settings, '/metrics')).toEqual(metrics);
  });

  it('for metrics nothing else, whatever the path is like', async () => {
    const app = makeApp({ PROVIDERS, ...LISTS }, { metrics: createMetrics() });
    const ask = async (path: string, method = 'GET') =>
      (await app.ask(path, { method, headers: { 'x-api-key': 'm3trics' } })).status;
    expect(await ask('/metrics', 'HEAD')).toBe(200);
    for (const path of ['/metrics/', '//metrics', '/Metrics', '/api/models?x=/metrics', '/nope']) {
      expect([path, await ask(path)]).toEqual([path, 403]);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PURGE', 'OPTIONS']) {
      expect([method, await ask('/metrics', method)]).toEqual([method, 403]);
    }
    for (const path of ['/ready', '/openapi.json', '/upstream/lab/m/x', '/api/events', '/props']) {
      expect([path, await ask(path)]).toEqual([path, 403]);
    }
  });

  it('say in the log whose they are', async () => {
    const app = makeApp({ PROVIDERS, ADMIN_KEYS, METRICS_KEYS }, { metrics: createMetrics() });
    await app.ask('/api/roles', { headers: { 'x-api-key': 'adm1n' } });
    await app.ask('/metrics', { headers: { 'x-api-key': 'm3trics' } });
    await app.ask('/api/roles', { headers: { 'x-api-key': 'any' } });
    expect(app.lines.map(({ client }) => client)).toEqual(['ann', 'prom', undefined]);
    expect(JSON.stringify(app.lines)).not.toMatch(/adm1n|m3trics/);
  });

  it('have a rate of their own', async () => {
    const app = makeApp({ PROVIDERS, ADMIN_KEYS: 'adm1n,oth3r', RATE_LIMIT: '1' });
    const ask = async (headers: Record<string, string>) =>
      (await app.ask('/api/roles', { headers })).status;
    for (const status of [200, 429]) {
      expect(await ask({ 'x-api-key': 'adm1n' })).toBe(status);
      expect(await ask({ 'x-api-key': 'oth3r' })).toBe(status);
      expect(await ask({})).toBe(status);
    }
  });

  it('leave names checked where ordinary routes need none', async () => {
    const headers = { host: 'evil.example', 'x-api-key': 'adm1n' };
    const app = makeApp({ PROVIDERS, ADMIN_KEYS });
    expect((await app.ask('/api/roles', { headers })).status).toBe(403);
  });
});

describe('addresses of providers', () => {
  const upstream = { inference: 'http://side.internal:82', management: 'http://lab.internal:81' };
  const { API_KEYS, ADMIN_KEYS, METRICS_KEYS } = LISTS;
  it.each([
    ['to everybody without keys', {}, ['none', 'wrong', 'user', 'admin', 'metrics']],
    ['to nobody where there are keys, and none of them is an administrator’s', { API_KEYS }, []],
    ['to nobody where only metrics need a key', { METRICS_KEYS }, []],
    ['to administrators', { API_KEYS, ADMIN_KEYS }, ['admin']],
    ['to administrators where nobody else needs a key', { ADMIN_KEYS }, ['admin']],
    ['to administrators beside all other keys', LISTS, ['admin']],
  ] as [string, Record<string, string>, Who[]][])('are shown %s', async (_, settings, who) => {
    const app = makeApp({ PROVIDERS, DEFAULT_MODEL: 'lab/m', ARENA_MODELS: 'lab/n', ...settings });
    const seen = new Set<Who>();
    for (const [name, key] of Object.entries(KEYS) as [Who, string | null][]) {
      const headers: Record<string, string> = key === null ? {} : { 'x-api-key': key };
      for (const path of ['/api/resolve?model=lab/m', '/api/resolve?role=default', '/api/roles']) {
        const answer = await app.ask(path, { headers });
        const text = await answer.text();
        if (!answer.ok) continue;
        const said = JSON.parse(text);
        const all = said.roles
          ? [said.roles.default, said.roles.task, said.roles.arena[0]]
          : [said];
        for (const one of all) expect([null, upstream]).toContainEqual(one.upstream);
        if (text.includes('internal')) seen.add(name);
      }
    }
    expect([...seen]).toEqual(who);
  });
});

describe('what is for administrators alone', () => {
  function makeAdminApp(environment: Record<string, string>) {
    const redact = createRedact([]);
    const clock = {
      wall: () => 0,
      monotonic: () => 0,
      sleep: async () => {},
      after: () => () => {},
    };
    const access = createAccess({
      settings: parseSettings(environment),
      clock,
      log: { warn: () => {} },
      readAddress: () => null,
    });
    const app = new Hono()
      .use('*', observe({ observers: [], clock, deliver: handOver, redact }))
      .use('*', ...access.requireKey())
      .get('/logs', access.adminOnly, (c) => c.text('logs'));
    app.onError(createRenderError(redact));
    return app;
  }

  const { API_KEYS, ADMIN_KEYS, METRICS_KEYS } = LISTS;
  it.each([
    ['without keys', {}, [200, 200, 200, 200, 200]],
    ['with API_KEYS alone', { API_KEYS }, [401, 401, 200, 401, 401]],
    ['with METRICS_KEYS alone', { METRICS_KEYS }, [200, 200, 200, 200, 200]],
    ['with ADMIN_KEYS alone', { ADMIN_KEYS }, [401, 401, 401, 200, 401]],
    ['with API_KEYS and ADMIN_KEYS', { API_KEYS, ADMIN_KEYS }, [401, 401, 403, 200, 401]],
    ['with ADMIN_KEYS and METRICS_KEYS', { ADMIN_KEYS, METRICS_KEYS }, [401, 401, 401, 200, 403]],
    ['with all three', LISTS, [401, 401, 403, 200, 403]],
  ])('is open to them %s', async (_, environment, statuses) => {
    const app = makeAdminApp(environment);
    const found = await Promise.all(
      Object.values(KEYS).map(async (key) => {
        const headers: Record<string, string> = key === null ? {} : { 'x-api-key': key };
        const answer = await app.request('http://paddock/logs', { headers });
        if (answer.status === 401) {
          expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="paddock"');
        }
        return answer.status;
      }),
    );
    expect(found).toEqual(statuses);
  });

  it('says which keys open it', async () => {
    const app = makeAdminApp({ API_KEYS, ADMIN_KEYS });
    const headers = { 'x-api-key': 'us3r' };
    const answer = await app.request('http://paddock/logs', { headers });
    expect(await answer.json()).toMatchObject({
      error: { code: 'forbidden_key', message: expect.stringContaining('ADMIN_KEYS') },
    });
  });
});
