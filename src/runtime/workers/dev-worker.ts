// `npm run dev:worker`: runs Paddock in workerd under `wrangler dev`, with a libSQL server over HTTP, because Workers
// have no files. If PROVIDERS or LIBSQL_URL is set, the real one is used.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { migrate } from '../../database/migrate.ts';
import { pickText } from '../../settings/environment.ts';
import { SettingsError } from '../../settings/settings-error.ts';
import { findSettings } from '../../settings/table.ts';
import { openDatabase, readMigrations } from '../database.ts';
import { readEnvironment } from '../environment.ts';
import { readSecretFiles } from '../secret-files.ts';
import { startDemoFleet } from '../../../demo/fleet.ts';
import { startLibsqlServer } from '../../../demo/libsql-server.ts';

const environment = readEnvironment();
const secrets = readSecretFiles(environment);
if (secrets.faults.length > 0) throw new SettingsError(secrets.faults);
const settings: Record<string, string> = {};
// Pass on refused settings too: the Worker then reports that they are refused.
for (const name of findSettings(({ worker }) => worker !== 'ignored')) {
  const text = pickText(secrets.environment, name);
  if (text !== null) settings[name] = text;
}
// No platform filters host names in front of this Worker, so any name would be accepted as its own.
settings['ALLOWED_HOSTS'] ??= 'localhost';
settings['PROVIDERS'] ??= (await startDemoFleet()).providers;
settings['LIBSQL_URL'] ??= await serveDatabase('data/worker.db');

const wrangler = join(
  dirname(createRequire(import.meta.url).resolve('wrangler')),
  '../bin/wrangler.js',
);
const variables = Object.entries(settings).flatMap(([name, value]) => [
  '--var',
  `${name}:${value}`,
]);
const worker = spawn(
  process.execPath,
  [
    wrangler,
    'dev',
    '--ip',
    '127.0.0.1',
    '--inspector-port',
    '0',
    ...variables,
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    // Send nothing to, and fetch nothing from, other machines.
    env: { ...environment, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' },
  },
);
worker.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => worker.kill('SIGINT'));

async function serveDatabase(path: string): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const { url } = await startLibsqlServer({ url: `file:${path}` });
  await migrate(openDatabase({ url, authToken: null }), readMigrations());
  return url;
}
