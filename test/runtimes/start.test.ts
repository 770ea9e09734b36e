import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../demo/libsql-server.ts';
import { hang, startHost, startModels } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { ROOT, SERVERS, startForTest, startServer } from './runtimes.ts';

describe.each(SERVERS)('a process on %s', (_name, server) => {
  const start = (options: { cwd?: string; settings?: Record<string, string>; args?: string[] }) =>
    startForTest(startServer(server, { cwd: makeFolder(), ...options }));

  it('serves the demo with --demo and without providers', async () => {
    const paddock = await start({ args: ['--demo'] });
    expect(paddock.output()).toContain('demo fleet');
    const catalog = (await (await fetch(`${paddock.url}/api/models`)).json()) as any;
    expect(catalog.demo).toBe(true);
    expect(catalog.providers.map(({ name, status }: any) => [name, status])).toEqual([
      ['sam-desktop', 'online'],
      ['lab-server', 'online'],
      ['attic', 'online'],
    ]);
    const twins = catalog.providers[0].models.filter(({ alsoOn }: any) => alsoOn.length > 0);
    expect(twins).toHaveLength(5);
    expect(JSON.stringify(catalog)).not.toMatch(/demo-lab-key|demo-inner-key/);
  });

  it('accepts settings that name providers of the demo', async () => {
    const settings = {
      DEFAULT_PROVIDER: 'lab-server',
      DEFAULT_MODEL: 'fast',
      MODEL_ALIASES: 'fast=sam-desktop/gpt-oss-20b',
    };
    const paddock = await start({ args: ['--demo'], settings });
    const resolve = async (query: string) =>
      ((await (await fetch(`${paddock.url}/api/resolve?${query}`)).json()) as any).id;
    expect(await resolve('model=m')).toBe('lab-server/m');
    expect(await resolve('role=default')).toBe('sam-desktop/gpt-oss-20b');
    const faulty = start({
      args: ['--demo'],
      settings: { DEFAULT_PROVIDER: 'no provider', PORT: 'x' },
    });
    await expect(faulty).rejects.toThrow(
      /It ended \(2\).*PORT: .*DEFAULT_PROVIDER: .*sam-desktop/s,
    );
  });

  it('does not serve the demo with providers', async () => {
    const host = await startModels(['m']);
    const PROVIDERS = `mine=llama-swap://127.0.0.1:${host.port}`;
    const paddock = await start({ args: ['--demo'], settings: { PROVIDERS } });
    const catalog = (await (await fetch(`${paddock.url}/api/models`)).json()) as any;
    expect(catalog).not.toHaveProperty('demo');
    expect(catalog.providers).toHaveLength(1);
    await host.close();
  });

  it('reads .env, and the environment overrides it', async () => {
    const cwd = makeFolder();
    writeFileSync(
      join(cwd, '.env'),
      'PROVIDERS="inside=llama-swap://127.0.0.1:9"\nDEFAULT_MODEL=inside/m\n',
    );
    const inside = await start({ cwd });
    expect(inside.output()).toContain('Providers: inside');
    const outside = await start({
      cwd,
      settings: { PROVIDERS: 'outside=llama-swap://127.0.0.1:9', DEFAULT_MODEL: 'outside/m' },
    });
    expect(outside.output()).toContain('Providers: outside');
  });

  it('reports a port in use and names the setting', async () => {
    const first = await start({});
    const second = start({ settings: { PORT: new URL(first.url).port } });
    await expect(second).rejects.toThrow(/It ended \(1\).*is in use.*set PORT/s);
  });

  it('stores favorites in a libSQL server, and returns 503 while that hangs', async () => {
    const libsql = await startLibsqlServer({ url: ':memory:', authToken: 'lib-t0ken' });
    const host = await startModels(['m']);
    const PROVIDERS = `mine=llama-swap://127.0.0.1:${host.port}`;
    const remote = await start({
      settings: { PROVIDERS, LIBSQL_URL: libsql.url, LIBSQL_AUTH_TOKEN: 'lib-t0ken' },
    });
    const path = '/api/favorites/mine/m';
    expect((await fetch(remote.url + path, { method: 'PUT' })).status).toBe(201);
    const { favorites } = (await (await fetch(`${remote.url}/api/models`)).json()) as any;
    expect(favorites).toHaveLength(1);
    await libsql.close();

    const silent = await startHost({ '/v2/pipeline': hang });
    const stuck = await start({
      settings: { PROVIDERS, LIBSQL_URL: `http://127.0.0.1:${silent.port}` },
    });
    const answers = await Promise.all([
      fetch(stuck.url + path, { method: 'PUT' }),
      fetch(`${stuck.url}/api/models`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    await Promise.all([silent.close(), host.close()]);
  });

  it('warns if other machines can reach it without a key', async () => {
    const paddock = await start({ settings: { HOST: '0.0.0.0' } });
    await expect
      .poll(() => paddock.output())
      .toMatch(/^\{"level":"warn",.*"msg":"HOST is 0\.0\.0\.0/m);
  });

  it('requires a key if keys are set, also with --demo', async () => {
    const settings = { HOST: '0.0.0.0', API_KEYS: 'k3y', PROVIDERS: 'a=openai://127.0.0.1:9' };
    const paddock = await start({ args: ['--demo'], settings });
    const demo = await start({ args: ['--demo'], settings: { API_KEYS: 'k3y' } });
    for (const { url } of [paddock, demo]) {
      const at = `${url.replace('0.0.0.0', '127.0.0.1')}/api/models`;
      expect((await fetch(at)).status).toBe(401);
      expect((await fetch(at, { headers: { 'x-api-key': 'k3y' } })).status).toBe(200);
      expect((await fetch(at.replace('/api/models', '/health'))).status).toBe(200);
    }
    expect(paddock.output()).not.toMatch(/HOST is|k3y/);
  });

  it('does not start with an invalid key and does not print it', async () => {
    const faulty = start({ settings: { API_KEYS: 's3cret key' } });
    await expect(faulty).rejects.toThrow(/It ended \(2\).*API_KEYS, entry 1/s);
    await expect(faulty).rejects.not.toThrow(/s3cret/);
  });
});

it('paddock migrate applies each migration once', () => {
  const cwd = makeFolder();
  const command = [join(ROOT, 'dist/cli/paddock.js'), 'migrate'];
  const migrate = () => spawnSync(process.execPath, command, { cwd, encoding: 'utf8', env: {} });
  const applied = readdirSync(join(ROOT, 'migrations'))
    .toSorted()
    .map((name) => `Applied ${name}\n`);
  expect(migrate().stdout).toBe(applied.join(''));
  expect(migrate().stdout).toBe('All migrations are already applied.\n');
});
