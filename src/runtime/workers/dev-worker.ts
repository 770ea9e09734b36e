// `npm run dev:worker`: Paddock in workerd under `wrangler dev`, with libSQL over HTTP beside it, since Workers
// have no files. Where PROVIDERS or LIBSQL_URL is set, the real one is used.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { migrate } from '../../database/migrate.ts';
import { SettingsError } from '../../settings/settings-error.ts';
import { openDatabase, readMigrations } from '../database.ts';
import { readEnvironment } from '../environment.ts';
import { readSecretFiles } from '../secret-files.ts';
import { startDemoHerd } from '../../../demo/herd.ts';
import { startLibsqlServer } from '../../../demo/libsql-server.ts';

/** The settings that reach a Worker; where to listen is wrangler's own. */
const PASSED_ON =
  /^(?:PROVIDERS|DEFAULT_PROVIDER|\w+_MODELS?|MODEL_ALIASES|DEEPSEEK_\w+|API_KEYS|ADMIN_KEYS|METRICS_KEYS|CORS_ORIGINS|ALLOWED_HOSTS|LIBSQL_\w+|PROBE_TIMEOUT_MS|CATALOG_TTL_MS|MAX_BODY_BYTES|BODY_MEMORY_BYTES|FIRST_BYTE_TIMEOUT_MS|IDLE_TIMEOUT_MS|UPSTREAM_PORT|RATE_LIMIT|CONCURRENCY_LIMIT|LOG_LEVEL)$/u;

const environment = readEnvironment();
const secrets = readSecretFiles(environment);
if (secrets.faults.length > 0) throw new SettingsError(secrets.faults);
const settings: Record<string, string> = {};
for (const [name, value] of Object.entries(secrets.environment)) {
  if (PASSED_ON.test(name) && typeof value === 'string' && value !== '') settings[name] = value;
}
// No platform stands before this one, which would take any name for its own.
settings['ALLOWED_HOSTS'] ??= 'localhost';
settings['PROVIDERS'] ??= (await startDemoHerd()).providers;
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
    // Nothing is asked of, or told to, anybody elsewhere.
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
