// runtime/ is the outer layer for Node and Bun: environment, files, ports and databases. It decides nothing about
// models. It creates the dependencies of `createApp` and listens.

import type { AppDependencies } from '../app.ts';
import type { RequestFetch } from '../database/bound-fetch.ts';
import type { Log } from '../telemetry/log.ts';
import { createRedact } from '../telemetry/redact.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { SECRET_SETTINGS, toFileVariable } from '../settings/secret-files.ts';
import { toSecrets } from '../settings/secrets.ts';
import { hasProviders } from '../settings/parse-registry.ts';
import { findSettings } from '../settings/table.ts';
import { parseSettings } from '../settings/settings.ts';
import { DEFAULT_DATABASE_URL, openMigratedDatabase } from './database.ts';
import { watchDescriptors } from './descriptors.ts';
import { endOnSignal } from './end-on-signal.ts';
import { readEnvironment } from './environment.ts';
import { toGreeting, type Demo } from './greeting.ts';
import { loadTraces } from './telemetry/load-traces.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/create-metrics.ts';
import { listenOnPorts, StartError, type Listen } from './listen-on-ports.ts';
import { openApps } from './open-app.ts';
import { createRefuse } from './refuse.ts';
import { readSecretFiles } from './secret-files.ts';

/** The parts of Paddock that differ between runtimes. */
type Platform = Pick<
  AppDependencies,
  'deliver' | 'fetch' | 'inbound' | 'readAddress' | 'transport'
> & {
  readonly listen: Listen;
  /** Sends the requests to a database over HTTP. */
  readonly fetchDatabase?: RequestFetch;
};

/** Options of a start besides the environment. */
export interface StartOptions {
  readonly demo: Demo;
  /** Settings that override the environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long a client may take to send a body, in milliseconds. */
  readonly bodyMs?: number;
}

/** Starts Paddock from the environment. Ends the process if that fails. */
export async function start(platform: Platform, options: StartOptions): Promise<void> {
  try {
    await run(platform, options);
  } catch (error) {
    if (!(error instanceof SettingsError) && !(error instanceof StartError)) throw error;
    console.error(error.message);
    // A fault of the settings is the caller's to fix, like a fault of the command line: both exit with 2.
    process.exit(error instanceof SettingsError ? 2 : 1);
  }
}

const REPLACED_MESSAGE =
  'The file of the favorites database was replaced or deleted: Paddock opens the new file, or creates one';

const LOOPBACK = /^(?:localhost|::1|127(?:\.\d+){3})$/u;

async function run(platform: Platform, options: StartOptions): Promise<void> {
  const { listen, fetchDatabase, ...others } = platform;
  const { demo } = options;
  const environment = readEnvironment();
  const { settings, fleet } = await readSettings({ ...environment, ...options.settings }, demo);
  const redact = createRedact(toSecrets(settings));
  const log = await createLog(settings.logLevel, redact);
  // The demo's favorites stay out of the database of the real providers.
  const url =
    settings.database.url ?? (fleet === null ? DEFAULT_DATABASE_URL : 'file:data/demo.db');
  const database = openMigratedDatabase(
    { ...settings.database, url },
    { onReplaced: () => log.warn(REPLACED_MESSAGE), fetch: fetchDatabase },
  );
  const stopping = new AbortController();
  const aborting = new AbortController();
  const metrics = createMetrics();
  const traces = await loadTraces(environment, { log, redact });
  const observers = traces === null ? [] : [traces.observer];
  const refuse = createRefuse([{ ended: log.request }, metrics, ...observers], redact);
  const server = await listenOnPorts({
    listen,
    refuse,
    settings,
    open: (known) =>
      openApps({
        ...others,
        settings: known,
        database,
        metrics,
        stopping: stopping.signal,
        aborting: aborting.signal,
        observers,
        bodyMs: options.bodyMs,
        log,
        demo: fleet !== null,
      }),
  });
  database.write([{ sql: 'SELECT 1' }]).catch((error: unknown) => {
    log.warn('The favorites database cannot be opened: everything except favorites works', error);
  });
  watchDescriptors({ closeIdle: () => server.closeIdle(), log });
  // Handle signals before the greeting: a process that reads it may send a signal at once.
  const closeRest = () => Promise.all([traces?.close(), fleet?.close()]);
  endOnSignal({ server, log, graceMs: settings.shutdownGraceMs, stopping, aborting, closeRest });
  const { port, upstreamPort } = server;
  const shown = fleet === null ? 'never' : demo;
  greet({ port, upstreamPort, settings, demo: shown }, log);
}

/** Reads the settings, and starts the demo's providers if none are set; the settings may name them. */
async function readSettings(given: NodeJS.ProcessEnv, demo: Demo) {
  const { environment, faults } = readSecretFiles(pickEnvironment(given, demo));
  if (demo === 'never' || hasProviders(environment)) {
    return { settings: parseSettings(environment, { faults }), fleet: null };
  }
  const fleet = await (await import('../../demo/fleet.ts')).startDemoFleet();
  const demoEnvironment = { ...environment, PROVIDERS: fleet.providers };
  return { settings: parseSettings(demoEnvironment, { faults }), fleet };
}

function greet(at: Parameters<typeof toGreeting>[0], log: Log): void {
  console.log(toGreeting(at));
  const { host, apiKeys } = at.settings;
  if (LOOPBACK.test(host) || apiKeys.length > 0) return;
  log.warn(
    `HOST is ${host}: every client that can connect may use every model. Set API_KEYS to require a key`,
  );
}

/** Returns the variables that `paddock demo` reads: none that describe other providers. */
function pickEnvironment(environment: NodeJS.ProcessEnv, demo: Demo): NodeJS.ProcessEnv {
  if (demo !== 'always') return environment;
  const names = findSettings(({ ownFleet = false }) => !ownFleet);
  const files = names.filter((name) => SECRET_SETTINGS.includes(name)).map(toFileVariable);
  return Object.fromEntries([...names, ...files].map((name) => [name, environment[name]]));
}
