import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createRedact } from '../../src/telemetry/redact.ts';
import { createRenderError } from '../../src/http/render-error.ts';
import { createAccess } from '../../src/http/middleware/require-key.ts';
import { observe } from '../../src/http/middleware/observe.ts';
import { handOver } from '../../src/http/middleware/count-body.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { createMetrics } from '../../src/runtime/telemetry/create-metrics.ts';
import { makeApp } from '../make-app.ts';

const PROVIDERS = 'lab=llama-swap://zqToken@lab.internal:81?sidecar=http://side.internal:82';
const LISTS = { API_KEYS: 'alice:us3r', ADMIN_KEYS: 'ann:adm1n', METRICS_KEYS: 'prom:m3trics' };
const KEYS = { none: null, wrong: 'zqWrong', user: 'us3r', admin: 'adm1n', metrics: 'm3trics' };
type KeyName = keyof typeof KEYS;

const basic = (key: string) => `Basic ${Buffer.from(`x:${key}`).toString('base64')}`;
const WAYS: ((key: string) => Record<string, string>)[] = [
  (key) => ({ 'x-api-key': key }),
  (key) => ({ authorization: `Bearer ${key}` }),
  (key) => ({ authorization: basic(key) }),
];

/** The status of a path for each key. Every key is sent in every way. */
async function readStatuses(settings: Record<string, string>, path: string) {
  const statuses: Partial<Record<KeyName, number | string>> = {};
  for (const [name, key] of Object.entries(KEYS) as [KeyName, string | null][]) {
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
    statuses[name] = found[0];
  }
  return statuses;
}

describe('API_KEYS, ADMIN_KEYS and METRICS_KEYS', () => {
  const { API_KEYS, ADMIN_KEYS, METRICS_KEYS } = LISTS;
  const all = { none: 200, wrong: 200, user: 200, admin: 200, metrics: 200 };
  const no = 'unauthorized';
  const locked = { none: no, wrong: no, user: no, admin: no, metrics: no };
  const forbidden = 'forbidden_key';

  it.each([
    ['without keys', {}, all, all],
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
  ])('open the routes that they are for, %s', async (_, settings, usual, metrics) => {
    expect(await readStatuses(settings, '/api/roles')).toEqual(usual);
    expect(await readStatuses(settings, '/metrics')).toEqual(metrics);
  });

  it('open only /metrics with a metrics key, for any spelling of a path', async () => {
    const app = makeApp({ PROVIDERS, ...LISTS }, { metrics: createMetrics() });
    const getStatus = async (path: string, method = 'GET') =>
      (await app.ask(path, { method, headers: { 'x-api-key': 'm3trics' } })).status;
    expect(await getStatus('/metrics', 'HEAD')).toBe(200);
    // Extra slashes are a client's slip: the key is checked for the corrected path.
    for (const path of ['/metrics/', '//metrics']) {
      expect([path, await getStatus(path)]).toEqual([path, 200]);
    }
    for (const path of [
      '/metrics/x',
      '/api//models',
      '/Metrics',
      '/api/models?x=/metrics',
      '/nope',
    ]) {
      expect([path, await getStatus(path)]).toEqual([path, 403]);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PURGE', 'OPTIONS']) {
      expect([method, await getStatus('/metrics', method)]).toEqual([method, 403]);
    }
    for (const path of ['/ready', '/openapi.json', '/upstream/lab/m/x', '/api/events', '/props']) {
      expect([path, await getStatus(path)]).toEqual([path, 403]);
    }
  });

  it('log the name of the key, and never the key', async () => {
    const app = makeApp({ PROVIDERS, ADMIN_KEYS, METRICS_KEYS }, { metrics: createMetrics() });
    await app.ask('/api/roles', { headers: { 'x-api-key': 'adm1n' } });
    await app.ask('/metrics', { headers: { 'x-api-key': 'm3trics' } });
    await app.ask('/api/roles', { headers: { 'x-api-key': 'any' } });
    expect(app.lines.map(({ client }) => client)).toEqual(['ann', 'prom', undefined]);
    expect(JSON.stringify(app.lines)).not.toMatch(/adm1n|m3trics/);
  });

  it('have separate rate limits', async () => {
    const app = makeApp({ PROVIDERS, ADMIN_KEYS: 'adm1n,oth3r', RATE_LIMIT: '1' });
    const getStatus = async (headers: Record<string, string>) =>
      (await app.ask('/api/roles', { headers })).status;
    for (const status of [200, 429]) {
      expect(await getStatus({ 'x-api-key': 'adm1n' })).toBe(status);
      expect(await getStatus({ 'x-api-key': 'oth3r' })).toBe(status);
      expect(await getStatus({})).toBe(status);
    }
  });

  it('do not turn off the check of the Host header when ordinary routes need no key', async () => {
    const headers = { host: 'evil.example', 'x-api-key': 'adm1n' };
    const app = makeApp({ PROVIDERS, ADMIN_KEYS });
    expect((await app.ask('/api/roles', { headers })).status).toBe(403);
  });
});

describe('addresses of providers', () => {
  const upstream = { inference: 'http://side.internal:82', management: 'http://lab.internal:81' };
  const { API_KEYS, ADMIN_KEYS, METRICS_KEYS } = LISTS;
  it.each([
    ['to all requests without keys', {}, ['none', 'wrong', 'user', 'admin', 'metrics']],
    ['to no request with API_KEYS alone', { API_KEYS }, []],
    ['to no request with METRICS_KEYS alone', { METRICS_KEYS }, []],
    ['to administrators with API_KEYS and ADMIN_KEYS', { API_KEYS, ADMIN_KEYS }, ['admin']],
    ['to administrators with ADMIN_KEYS alone', { ADMIN_KEYS }, ['admin']],
    ['to administrators with all three', LISTS, ['admin']],
  ] as [string, Record<string, string>, KeyName[]][])(
    'are shown %s',
    async (_, settings, expected) => {
      const app = makeApp({
        PROVIDERS,
        DEFAULT_MODEL: 'lab/m',
        ARENA_MODELS: 'lab/n',
        ...settings,
      });
      const seen = new Set<KeyName>();
      for (const [name, key] of Object.entries(KEYS) as [KeyName, string | null][]) {
        const headers: Record<string, string> = key === null ? {} : { 'x-api-key': key };
        for (const path of [
          '/api/resolve?model=lab/m',
          '/api/resolve?role=default',
          '/api/roles',
        ]) {
          const answer = await app.ask(path, { headers });
          const text = await answer.text();
          if (!answer.ok) continue;
          const value = JSON.parse(text);
          const all = value.roles
            ? [value.roles.default, value.roles.task, value.roles.arena[0]]
            : [value];
          for (const one of all) expect([null, upstream]).toContainEqual(one.upstream);
          if (text.includes('internal')) seen.add(name);
        }
      }
      expect([...seen]).toEqual(expected);
    },
  );
});

describe('a route for administrators', () => {
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
  ])('requires an administrator’s key %s', async (_, environment, statuses) => {
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

  it('names ADMIN_KEYS in its refusal', async () => {
    const app = makeAdminApp({ API_KEYS, ADMIN_KEYS });
    const headers = { 'x-api-key': 'us3r' };
    const answer = await app.request('http://paddock/logs', { headers });
    expect(await answer.json()).toMatchObject({
      error: { code: 'forbidden_key', message: expect.stringContaining('ADMIN_KEYS') },
    });
  });
});
