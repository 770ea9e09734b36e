// runtime/ is where the world comes in: environment, files, ports and databases for Node and Bun.
// It decides nothing about models; it makes what createApp needs, and listens.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { createApp } from '../app.ts';
import type { Transport } from '../gateway/transport.ts';
import type { Log } from '../http/log.ts';
import { SettingsError } from '../registry/fault.ts';
import { parseSettings, type Settings } from '../registry/settings.ts';
import { DEFAULT_DATABASE_URL, openMigratedDatabase } from './database.ts';
import { createConsoleLog, readEnvironment } from './environment.ts';

/** Binds a port. Rejects where it cannot be bound; port 0 is any free one. */
type Listen = (options: {
  fetch: (request: Request) => Response | Promise<Response>;
  host: string;
  port: number;
}) => Promise<{ port: number; close: () => Promise<void> }>;

const ASSETS = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** What is particular to a runtime. */
interface Platform {
  readonly listen: Listen;
  readonly transport: Transport;
}

/** Starts Paddock from the environment and the command line, and ends the process where it cannot. */
export async function start(platform: Platform): Promise<void> {
  try {
    await run(platform, process.argv.includes('--demo'));
  } catch (error) {
    if (!(error instanceof SettingsError) && !(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const LOOPBACK = /^(?:localhost|::1|127(?:\.\d+){3})$/u;

class StartError extends Error {}

async function run({ listen, transport }: Platform, demoAllowed: boolean): Promise<void> {
  const environment = readEnvironment();
  let settings = parseSettings(environment);
  const herd =
    demoAllowed && settings.registry.providers.size === 0
      ? await (await import('../../demo/herd.ts')).startDemoHerd()
      : null;
  if (herd !== null) settings = parseSettings({ ...environment, PROVIDERS: herd.providers });

  const log = createConsoleLog(settings.logLevel);
  const fetch = createFetch(settings, { transport, log, demo: herd !== null });
  const { host } = settings;
  const server = await listen({ fetch, host, port: settings.port }).catch((cause: unknown) => {
    throw toStartError(cause, settings);
  });
  console.log(greet({ host, port: server.port, settings, demo: herd !== null }));
  if (!LOOPBACK.test(host)) {
    log.warn(`HOST is ${host}: whoever reaches it can use every model, for there is no login`);
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void Promise.all([server.close(), herd?.close()]).then(() => process.exit(0));
    });
  }
}

function createFetch(
  settings: Settings,
  { transport, log, demo }: { transport: Transport; log: Log; demo: boolean },
) {
  // What is starred in the demo stays out of the database of the real herd.
  const url = settings.database.url ?? (demo ? 'file:data/demo.db' : DEFAULT_DATABASE_URL);
  const database = openMigratedDatabase({ ...settings.database, url });
  const app = createApp({
    settings,
    fetch: (address, init) => fetch(address, init),
    transport,
    clock: { wall: Date.now, monotonic: () => performance.now(), sleep },
    database,
    assets: serveStatic({ root: ASSETS }),
    log,
    demo,
  });
  database.read({ sql: 'SELECT 1' }).catch((error: unknown) => {
    log.warn('The favorites database does not open: everything but favorites works', error);
  });
  const context = {
    waitUntil: (work: Promise<unknown>) => {
      work.catch((error: unknown) => log.error('Work behind an answer failed', error));
    },
    passThroughOnException: () => {},
    props: {},
  };
  return (request: Request) => app.fetch(request, {}, context);
}

function toStartError(cause: unknown, { host, port }: Settings): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} of ${host} is taken: end what listens there, or set PORT to another.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    return new StartError(`${host}:${port} cannot be listened on (${code}): set HOST and PORT.`);
  }
  return cause;
}

function greet(at: { host: string; port: number; settings: Settings; demo: boolean }): string {
  const base = `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${at.port}`;
  const names = [...at.settings.registry.providers.keys()].join(', ');
  const lines = [`Paddock listens on ${base}`];
  if (at.demo) {
    lines.push(
      `PROVIDERS is not set, so this is the demo herd: two simulated llama-swap hosts, ${names}.`,
    );
  } else if (names === '') {
    lines.push('No provider is set up: set PROVIDERS, or run npm start to see the demo herd.');
  } else {
    lines.push(`Providers: ${names}`);
  }
  return [...lines, `  curl ${base}/api/models`, `  ${base}/docs`].join('\n');
}
