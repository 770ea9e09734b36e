import { describe, expect, it } from 'vitest';
import { startHost as startSimulated } from '../demo/host-fixture.ts';
import {
  findDeadPort,
  hang,
  json,
  modelList,
  startHost as startOddHost,
  startModels,
  text,
  whileTesting,
} from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';

const at = ({ url }: { url: string }) => new URL(url).host;

async function startOdd(answers: Parameters<typeof startOddHost>[0]): Promise<string> {
  const host = await whileTesting(startOddHost(answers));
  return `127.0.0.1:${host.port}`;
}

async function startListed(...models: string[]): Promise<string> {
  const host = await whileTesting(startModels(models));
  return `127.0.0.1:${host.port}`;
}

/** The doctor’s findings for one provider `a`. */
async function examine(dsn: string, settings: Record<string, string> = {}) {
  const app = makeApp({ PROVIDERS: `a=${dsn}`, ...settings });
  const { ok, findings, hosts: seen } = await app.read('/api/doctor');
  const named = findings.map(({ level, code, message }: any) => [level, code, message]);
  return { app, ok, findings: named, hosts: seen, codes: findings.map(({ code }: any) => code) };
}

describe('the doctor finds', () => {
  it('nothing for a healthy provider, and reports its state', async () => {
    const host = await startSimulated();
    const { ok, findings, hosts: seen } = await examine(`llama-swap://${at(host)}`);
    expect([ok, findings]).toEqual([true, []]);
    expect(seen).toMatchObject([{ name: 'a', status: 'online', modelCount: 9, release: '251' }]);
    expect([...host.counts.loads]).toEqual([]);
  });

  const cases: [string, () => Promise<string>, code: string, RegExp][] = [
    [
      'a closed port',
      async () => `llama-swap://127.0.0.1:${await findDeadPort()}`,
      'provider_unreachable',
      /^a could not be reached: check .* host and port in PROVIDERS\.$/,
    ],
    [
      'a port of another server',
      async () => `llama-swap://${await startOdd({ '/v1/models': text('<h1>NAS</h1>') })}`,
      'invalid_response',
      /^a sent an answer that is not a model list: check its port/,
    ],
    [
      'a provider that does not answer',
      async () => `llama-swap://${await startOdd({ '/v1/models': hang })}?timeout=200`,
      'provider_timeout',
      /^a did not answer within 200 ms: it may be asleep/,
    ],
    [
      'a wrong key',
      async () => `llama-swap://wrong@${at(await startSimulated({ apiKey: 'right' }))}`,
      'unauthorized',
      /^a rejected the key of Paddock \(HTTP 401\): correct the key in PROVIDERS\.$/,
    ],
    [
      'a server that is not llama-swap',
      async () =>
        `llama-swap://${await startOdd({
          '/v1/models': json({ data: [{ id: 'llama3', owned_by: 'library' }] }),
          '/api/version': json({ version: '0.12.0' }),
        })}`,
      'not_llama_swap',
      /^a lists models, but is not llama-swap: correct its port .* or write openai:\/\//,
    ],
    [
      'a sidecar with a closed port',
      async () =>
        `llama-swap://${at(await startSimulated())}?sidecar=http://127.0.0.1:${await findDeadPort()}`,
      'sidecar',
      /^The sidecar of a did not answer within 2000 ms: check/,
    ],
    [
      'a sidecar that wants another key',
      async () =>
        `llama-swap://${at(await startSimulated())}?sidecar=http://${at(await startSimulated({ apiKey: 'x' }))}`,
      'sidecar',
      /^The sidecar of a rejected the key \(HTTP 401\): it must accept the key of a/,
    ],
    [
      'a sidecar without a server behind it',
      async () =>
        `llama-swap://${at(await startSimulated())}?sidecar=http://${await startOdd({ '/v1/models': text('bad gateway', 'text/plain', 502) })}`,
      'sidecar',
      /^The sidecar of a answered HTTP 502: check the server behind it/,
    ],
  ];
  it.each(cases)('%s: a fault', async (_, open, code, message) => {
    const { ok, findings } = await examine(await open());
    expect(ok).toBe(false);
    expect(findings).toEqual([['fault', code, expect.stringMatching(message)]]);
  });

  it.each([
    [
      'old',
      'a runs a llama-swap older than v173, which does not serve /v1/messages (since v175), does not serve /v1/responses (since v182), does not serve /v1/messages/count_tokens (since v186), does not report the capabilities of its models (since v225) and does not serve /props (since v234): update it to v234 or later.',
    ],
    [
      'v230',
      'a runs llama-swap v230, which does not serve /props (since v234): update it to v234 or later.',
    ],
  ] as const)('an old release: a warning (%s)', async (release, message) => {
    const { ok, findings } = await examine(`llama-swap://${at(await startSimulated({ release }))}`);
    expect(ok).toBe(true);
    expect(findings).toEqual([['warning', 'old_release', message]]);
  });

  const ROUTES = ['/v1/messages (', '/v1/responses', 'count_tokens', 'capabilities', '/props'];
  it.each([
    ['173', ROUTES],
    ['v174', ROUTES],
    ['175', ROUTES.slice(1)],
    ['v181', ROUTES.slice(1)],
    ['v182', ROUTES.slice(2)],
    ['185', ROUTES.slice(2)],
    ['186', ROUTES.slice(3)],
    ['v224', ROUTES.slice(3)],
    ['225', ROUTES.slice(4)],
    ['v233', ROUTES.slice(4)],
    ['234', []],
    ['v276', []],
    ['0', []],
    ['local_abc1234', []],
  ])('what release "%s" lacks: %j', async (version, lacks) => {
    const host = await startOdd({
      '/v1/models': json(modelList('m')),
      '/api/version': json({ version, commit: 'abc', build_date: 'today' }),
    });
    const { findings } = await examine(`llama-swap://${host}`);
    expect(findings).toHaveLength(lacks.length === 0 ? 0 : 1);
    const message = String(findings[0]?.[2] ?? '');
    expect(ROUTES.filter((route) => message.includes(route))).toEqual(lacks);
  });

  it('nothing for a sidecar that answers 404', async () => {
    const sidecar = await startOdd({});
    const host = await startSimulated();
    expect((await examine(`llama-swap://${at(host)}?sidecar=http://${sidecar}`)).findings).toEqual(
      [],
    );
  });

  it('a provider without models: a warning', async () => {
    expect((await examine(`openai://${await startListed()}`)).codes).toEqual(['no_models']);
  });

  it('drifted settings, hidden favorites, and names on several providers', async () => {
    const app = makeApp({
      PROVIDERS: `a=openai://${await startListed('x', 'y')} b=openai://${await startListed('x')}
        c=llama-swap://127.0.0.1:${await findDeadPort()}`,
      DEFAULT_MODEL: 'a/old',
      TASK_MODEL: 'c/z',
    });
    for (const id of ['a/x', 'a/gone', 'b/gone', 'c/z', 'c/w']) {
      await app.ask(`/api/favorites/${id}`, put(undefined));
    }
    const { findings } = await app.read('/api/doctor');
    expect(
      findings.map(({ level, subject, message }: any) => `${level} ${subject}: ${message}`),
    ).toEqual([
      expect.stringMatching(/^fault c: c could not be reached/),
      'fault DEFAULT_MODEL: DEFAULT_MODEL is "a/old", but a does not list "old": set it to a model of /api/models.',
      'warning favorites: a does not list these favorites: add the models to a, or remove them. Hidden: a/gone.',
      'warning favorites: b does not list these favorites: add the models to b, or remove them. Hidden: b/gone.',
      'warning favorites: Hidden while c is offline: c/z, c/w.',
      'note models: On several providers: x. A bare ID means the model of a: write provider/model for another.',
    ]);
  });

  it('wrong prefixes in roles, aliases and favorites, and the IDs that were meant', async () => {
    const app = makeApp({
      PROVIDERS: `a=openai://${await startListed('x')} lab-server=openai://${await startListed('y')}`,
      DEFAULT_MODEL: 'lab/y',
      MODEL_ALIASES: 'fast=a/lab-server/y',
    });
    for (const id of ['Lab-Server/y', 'a/openai/x', 'openai/z']) {
      await app.ask(`/api/favorites/${id}`, put(undefined));
    }
    const { findings } = await app.read('/api/doctor');
    expect(findings.map(({ level, message }: any) => `${level} ${message}`)).toEqual([
      'fault DEFAULT_MODEL: "lab/y" does not begin with the name of a provider, so it is a bare ID of a, which does not list it. Providers: a, lab-server. Did you mean lab-server/y?',
      'warning MODEL_ALIASES: fast is "a/lab-server/y", but a does not list "lab-server/y": set it to a model of /api/models. Did you mean lab-server/y?',
      'warning a does not list these favorites: add the models to a, or remove them. Hidden: a/Lab-Server/y (did you mean lab-server/y?), a/openai/x (did you mean a/x?), a/openai/z.',
    ]);
  });

  it('favorites of a provider that was removed from the settings', async () => {
    const host = await startListed('x');
    const database = { read: async () => [{ id: 'ghost/x', created_at: 't' }] };
    const app = makeApp(
      { PROVIDERS: `a=openai://${host}` },
      { database: { ...database, write: async () => [], script: async () => {} } as any },
    );
    const { findings } = await app.read('/api/doctor');
    expect(findings.map(({ message }: any) => message)).toEqual([
      'No provider is named ghost: set it up again, or remove these favorites. Hidden: ghost/x (did you mean a/x?).',
    ]);
  });

  it('nothing for a slow database, although the catalog does not wait for it', async () => {
    const rows = [{ id: 'a/x', created_at: 't' }];
    const read = ({ sql }: { sql: string }) =>
      new Promise<any[]>((settle) =>
        setTimeout(settle, 500, sql.includes('favorites') ? rows : []),
      );
    const app = makeApp(
      { PROVIDERS: `a=openai://${await startListed('x')}` },
      { database: { read, write: async () => [], script: async () => {} } as any },
    );
    expect((await app.read('/api/doctor')).findings).toEqual([]);
  });

  it('an unavailable database', async () => {
    const fail = () => Promise.reject(new Error('gone'));
    const app = makeApp(
      { PROVIDERS: `a=openai://${await startListed('x')}` },
      { database: { read: fail, write: fail, script: fail } },
    );
    const { ok, findings } = await app.read('/api/doctor');
    expect([ok, findings]).toMatchObject([
      false,
      [{ level: 'fault', subject: 'database', code: 'database_unavailable' }],
    ]);
  });

  it('missing providers', async () => {
    const { findings } = await makeApp({}).read('/api/doctor');
    expect(findings).toMatchObject([
      { level: 'fault', subject: 'PROVIDERS', code: 'no_providers' },
    ]);
  });
});

describe('the doctor', () => {
  it('takes no longer than the longest timeout when everything hangs', async () => {
    const silent = { '/v1/models': hang, '/running': hang, '/api/version': hang };
    const silentHosts = await Promise.all([startOdd(silent), startOdd(silent), startOdd(silent)]);
    const sidecar = await startOdd({ '/v1/models': hang });
    const never = () => new Promise<never>(() => {});
    const app = makeApp(
      {
        PROVIDERS: silentHosts
          .map(
            (host, index) =>
              `h${index}=llama-swap://${host}?timeout=${300 + 100 * index}&sidecar=http://${sidecar}`,
          )
          .join(' '),
      },
      { database: { read: never, write: never, script: never } },
    );
    const startedAt = performance.now();
    const { findings } = await app.read('/api/doctor');
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThan(490);
    expect(took).toBeLessThan(500 + 300);
    expect(findings).toHaveLength(3 + 3 + 1);
  });

  it('shows no key and no address', async () => {
    const dead = await findDeadPort();
    const app = makeApp({
      PROVIDERS: `a=llama-swap://s3cret@127.0.0.1:${dead}?sidecar=http://127.0.0.1:${dead}`,
    });
    expect(await (await app.ask('/api/doctor')).text()).not.toMatch(/s3cret|127\.0\.0\.1/);
  });
});
