import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import { onTestFinished } from 'vitest';
import { startLibsqlServer, type LibsqlServer } from '../../demo/libsql-server.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase, readMigrations } from '../../src/runtime/database.ts';
import { findDeadPort } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';

/** A Paddock in a process of its own. */
export interface Instance {
  readonly url: string;
  /** Its process; null where that is the test's own. */
  readonly pid: number | null;
  /** Everything it has written to its streams so far. */
  output(): string;
  /** Ends it as its owner would. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** A Paddock that is a process of this machine. */
export interface ServerInstance extends Instance {
  /** Its standard error stream, which is read until it is told otherwise. */
  readonly stderr: Readable;
  signal(signal: NodeJS.Signals): void;
  /** Settles with its exit code when it has ended. */
  readonly ended: Promise<number | null>;
}

/** One of the three runtimes, with a database that outlives its instances. */
export interface Runtime {
  start(settings?: Record<string, string>): Promise<Instance>;
  close(): Promise<void>;
}

/** The package's root. */
export const ROOT = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 30_000;
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
/** Nothing is asked of, or told to, anybody elsewhere. */
const WRANGLER_ENV = {
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};

/** What runs Paddock as a process that listens by itself: a program of the build, and what it runs on. */
export interface Server {
  readonly command: string;
  readonly program: string;
}

/** Paddock on Node. */
export const NODE: Server = { command: process.execPath, program: 'dist/runtime/node.js' };

/** Paddock on Bun. */
export const BUN: Server = {
  command: join(ROOT, 'node_modules/.bin/bun'),
  program: 'dist/runtime/bun.js',
};

type Making = [name: string, make: () => Promise<Runtime>];

const PROCESSES: Making[] = [
  ['Node', async () => makeRuntime(NODE)],
  ['Bun', async () => makeRuntime(BUN)],
];

/** How each runtime is made ready. */
export const RUNTIMES: Making[] = [...PROCESSES, ['workerd', makeWorkerd]];

/**
 * The same without wrangler, whose own server stands between: it tells the Worker nothing of a client that has gone. On
 * workerd there are then neither assets nor a database.
 */
export const BARE_RUNTIMES: Making[] = [...PROCESSES, ['workerd', makeBareWorkerd]];

/** Starts Paddock on any free port, in a folder of its own. */
export function startServer(
  { command, program }: Server,
  options: { cwd: string; args?: readonly string[]; settings?: Record<string, string> },
): Promise<ServerInstance> {
  const { cwd, args = [], settings = {} } = options;
  return run({
    command,
    args: [join(ROOT, program), ...args],
    cwd,
    settings: { PORT: '0', ...settings },
    ready: /Paddock listens on (\S+)/u,
  });
}

/** Runs a program of the build until it has said something, or ended. */
async function run(options: {
  command: string;
  args: string[];
  cwd: string;
  settings: Record<string, string>;
  ready: RegExp;
}): Promise<ServerInstance> {
  const { command, args, cwd, settings, ready } = options;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  let output = '';
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const url = await new Promise<string>((settle, reject) => {
    const timer = setTimeout(() => reject(new Error(`Not ready: ${output}`)), START_TIMEOUT_MS);
    const look = (chunk: Buffer) => {
      output += String(chunk);
      const found = ready.exec(output)?.[1];
      if (found !== undefined) settle(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void ended.then(() => reject(new Error(`It ended (${child.exitCode}): ${output}`)));
    ended.finally(() => clearTimeout(timer));
  });
  const end = async (signal: NodeJS.Signals) => {
    signalGroup(child, signal);
    await ended;
  };
  return {
    url,
    pid: child.pid ?? null,
    output: () => output,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    stderr: child.stderr,
    signal: (signal) => signalGroup(child, signal),
    ended,
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  const { pid, exitCode, signalCode } = child;
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
}

/** Starts one for a single test, and ends it with the test, however that ends. */
export async function startForTest<T extends Instance>(starting: Promise<T>): Promise<T> {
  const instance = await starting;
  onTestFinished(() => instance.kill());
  return instance;
}

/** Starts one on Bun for a single test, by a program that begins with `serve` imported from the source. */
export function serveOnBun(
  rest: string,
  settings: Record<string, string>,
): Promise<ServerInstance> {
  const cwd = makeFolder();
  const program = join(cwd, 'serve.ts');
  const source = JSON.stringify(join(ROOT, 'src/runtime/bun/serve.ts'));
  writeFileSync(program, `import { serve } from ${source};\n${rest}\n`);
  return startForTest(startServer({ ...BUN, program: relative(ROOT, program) }, { cwd, settings }));
}

/** Makes one of those ready. */
export function makeRuntime(server: Server): Runtime {
  const cwd = mkdtempSync(join(tmpdir(), 'paddock-runtime-'));
  return {
    start: (settings = {}) => startServer(server, { cwd, settings }),
    close: async () => rmSync(cwd, { recursive: true, force: true }),
  };
}

/** Starts a libSQL server whose database has its migrations, as workerd needs one. */
export async function startMigratedServer(url: string): Promise<LibsqlServer> {
  const server = await startLibsqlServer({ url });
  await migrate(openDatabase({ url: server.url, authToken: null }), readMigrations());
  return server;
}

async function makeWorkerd(): Promise<Runtime> {
  const cwd = mkdtempSync(join(tmpdir(), 'paddock-workerd-'));
  const database = await startMigratedServer(`file:${join(cwd, 'paddock.db')}`);
  return {
    start: async (settings = {}) => {
      const variables = Object.entries({ LIBSQL_URL: database.url, ...settings });
      const port = await findDeadPort();
      return run({
        command: process.execPath,
        args: [
          WRANGLER,
          ...['dev', '--config', join(ROOT, 'wrangler.toml'), '--persist-to', cwd],
          ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
          ...variables.flatMap(([name, value]) => ['--var', `${name}:${value}`]),
        ],
        cwd: ROOT,
        settings: WRANGLER_ENV,
        ready: /Ready on (\S+)/u,
      });
    },
    close: async () => {
      await database.close();
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

/** workerd with the Worker as it would be deployed, and nothing before it; it has neither assets nor a database. */
export async function makeBareWorkerd(): Promise<Runtime> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-worker-'));
  await promisify(execFile)(
    process.execPath,
    [WRANGLER, 'deploy', '--dry-run', '--config', join(ROOT, 'wrangler.toml'), '--outdir', folder],
    { cwd: ROOT, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...WRANGLER_ENV } },
  );
  const config = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const [, compatibilityDate = ''] = /^compatibility_date = "(.*)"$/m.exec(config) ?? [];
  const [, flags = '[]'] = /^compatibility_flags = (.*)$/m.exec(config) ?? [];
  return {
    start: async (settings = {}) => {
      const miniflare = new Miniflare({
        // Named one by one, for it would look for the packages of optional parts too.
        modules: [{ type: 'ESModule', path: join(folder, 'index.js') }],
        modulesRoot: folder,
        compatibilityDate,
        compatibilityFlags: JSON.parse(flags) as string[],
        bindings: settings,
        host: '127.0.0.1',
        cf: false,
      });
      const stop = () => miniflare.dispose();
      const url = (await miniflare.ready).origin;
      return { url, pid: null, output: () => '', stop, kill: stop };
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
