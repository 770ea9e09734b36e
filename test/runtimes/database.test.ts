import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LibsqlServer } from '../../demo/libsql-server.ts';
import { startModels, type Host } from '../hosts.ts';
import { RUNTIMES, startMigratedServer, type Instance, type Runtime } from './runtimes.ts';

describe.each(RUNTIMES)('on %s, a database over HTTP', (_name, make) => {
  let host: Host;
  let server: LibsqlServer;
  let runtime: Runtime;
  beforeAll(async () => {
    host = await startModels(['x', 'y']);
    server = await startMigratedServer(':memory:');
    runtime = await make();
  });
  afterAll(async () => {
    await runtime?.close();
    await server?.close();
    await host?.close();
  });

  const start = (): Promise<Instance> =>
    runtime.start({
      PROVIDERS: `a=openai://127.0.0.1:${host.port}`,
      LIBSQL_URL: server.url,
    });
  const ask = async (paddock: Instance, path: string, method = 'GET') => {
    const answer = await fetch(paddock.url + path, { method });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };

  it('serves favorites while it is read-only, and /ready and the doctor report it', async () => {
    const writer = await start();
    expect(await ask(writer, '/ready')).toMatchObject({ status: 200 });
    expect((await ask(writer, '/api/favorites')).body.favorites).toEqual([]);
    expect(await ask(writer, '/api/favorites/a/x', 'PUT')).toMatchObject({ status: 201 });
    await writer.stop();

    server.allow('read');
    const reader = await start();
    const error = { code: 'database_unavailable', message: expect.stringMatching(/read-only/u) };
    expect(await ask(reader, '/ready')).toMatchObject({ status: 503, body: { error } });
    expect(await ask(reader, '/api/favorites/a/y', 'PUT')).toMatchObject({
      status: 503,
      body: { error },
    });
    expect((await ask(reader, '/api/favorites')).body.favorites).toMatchObject([{ id: 'a/x' }]);
    expect((await ask(reader, '/api/models')).body.favorites).toMatchObject([{ id: 'a/x' }]);
    expect((await ask(reader, '/api/doctor')).body.findings).toMatchObject([
      { level: 'fault', subject: 'database', ...error },
    ]);

    server.allow('write');
    expect(await ask(reader, '/api/favorites/a/y', 'PUT')).toMatchObject({ status: 201 });
    expect(await ask(reader, '/ready')).toMatchObject({ status: 200 });
    await reader.stop();
  });
});
