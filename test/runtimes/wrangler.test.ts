import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDeadPort, startModels, whileTesting } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { makeFolder } from '../make-app.ts';
import { only, ROOT, startForTest, startMigratedServer, startProcess } from './runtimes.ts';
import { WRANGLER, WRANGLER_ENV } from './start-worker.ts';

describe.each(only('workerd'))('wrangler dev with %s', () => {
  it('serves pages, the catalog and favorites, and shows the log', async () => {
    const provider = await whileTesting(startModels(['m']));
    const database = await whileTesting(startMigratedServer(':memory:'));
    const port = await findDeadPort();
    const settings = {
      PROVIDERS: `a=llama-swap://127.0.0.1:${provider.port}`,
      LIBSQL_URL: database.url,
    };
    const paddock = await startForTest(
      startProcess({
        command: process.execPath,
        args: [
          WRANGLER,
          ...['dev', '--config', join(ROOT, 'wrangler.toml'), '--persist-to', makeFolder()],
          ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
          ...Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
        ],
        cwd: ROOT,
        settings: WRANGLER_ENV,
        ready: /Ready on (\S+)/u,
      }),
    );
    const page = await fetch(paddock.url);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    const added = await fetch(`${paddock.url}/api/favorites/a/m`, { method: 'PUT' });
    expect(added.status).toBe(201);
    const catalog: any = await (await fetch(`${paddock.url}/api/models`)).json();
    expect(catalog.favorites).toMatchObject([{ id: 'a/m' }]);
    await expect
      .poll(() => readLines(paddock.output()))
      .toContainEqual(expect.objectContaining({ path: '/api/models', status: 200 }));
  });
});
