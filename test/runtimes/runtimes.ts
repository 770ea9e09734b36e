import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { startLibsqlServer, type LibsqlServer } from '../../demo/libsql-server.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase, readMigrations } from '../../src/runtime/database.ts';
import { makeFolder } from '../make-app.ts';
import { ROOT } from '../root.ts';
import { startWorker } from './start-worker.ts';

/** A running Paddock. */
export interface Instance {
  readonly url: string;
  /** The ID of its process, or null on workerd. */
  readonly pid: number | null;
  /** Everything that it has written to stdout and stderr. */
  output(): string;
  /** Ends it in the regular way. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

/** A running Paddock on Node or Bun. */
export interface ServerInstance extends Instance {
  /** Its standard error stream. It is read unless a test pauses it. */
  readonly stderr: Readable;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code when the process has ended. */
  readonly ended: Promise<number | null>;
}

/** One of the three runtimes. Its database outlives its instances. */
export interface Runtime {
  start(settings?: Record<string, string>): Promise<Instance>;
  close(): Promise<void>;
}

export { ROOT };

const isNodeOnly = process.env['TEST_RUNTIME'] === 'node';
const START_TIMEOUT_MS = 30_000;

/** A built program and the command that runs it. */
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

type Named<T> = [name: string, value: T];

/** The runtimes on which Paddock is a server process. With TEST_RUNTIME=node, only Node. */
export const SERVERS: Named<Server>[] = [
  ['Node', NODE],
  ...(isNodeOnly ? [] : [['Bun', BUN] satisfies Named<Server>]),
];

const WORKERD: Named<() => Promise<Runtime>> = ['workerd', makeWorkerd];

/** All runtimes, and how each is prepared. With TEST_RUNTIME=node, only Node. */
export const RUNTIMES: Named<() => Promise<Runtime>>[] = [
  ...SERVERS.map(([name, server]): Named<() => Promise<Runtime>> => [
    name,
    async () => makeRuntime(server),
  ]),
  ...(isNodeOnly ? [] : [WORKERD]),
];

/** The runtime of that name alone; nothing where TEST_RUNTIME leaves it out. */
export const only = (name: 'Node' | 'Bun' | 'workerd') =>
  RUNTIMES.filter(([other]) => other === name);

/** Starts Paddock on a free port. */
export function startServer(
  { command, program }: Server,
  options: { cwd: string; args?: readonly string[]; settings?: Record<string, string> },
): Promise<ServerInstance> {
  const { cwd, args = [], settings = {} } = options;
  return startProcess({
    command,
    args: [join(ROOT, program), ...args],
    cwd,
    settings: { PORT: '0', ...settings },
    ready: /Paddock listens on (\S+)/u,
  });
}

/** Starts a program and waits until its output matches `ready`. */
export async function startProcess(options: {
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
    // Its own process group, so that its child processes end with it.
    detached: true,
  });
  let output = '';
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const url = await new Promise<string>((settle, reject) => {
    const timer = setTimeout(() => reject(new Error(`Not ready: ${output}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += String(chunk);
      const found = ready.exec(output)?.[1];
      if (found !== undefined) settle(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
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

/** Ends the instance when the current test has finished. */
export async function startForTest<T extends Instance>(starting: Promise<T>): Promise<T> {
  const instance = await starting;
  onTestFinished(() => instance.kill());
  return instance;
}

/** Runs a program on Bun for the current test. The program starts with an import of `serve` from the source. */
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

/** Prepares a server with its own folder, where its database is. */
export function makeRuntime(server: Server): Runtime {
  const cwd = mkdtempSync(join(tmpdir(), 'paddock-runtime-'));
  return {
    start: (settings = {}) => startServer(server, { cwd, settings }),
    close: async () => rmSync(cwd, { recursive: true, force: true }),
  };
}

/** Starts a libSQL server with a migrated database. */
export async function startMigratedServer(url: string): Promise<LibsqlServer> {
  const server = await startLibsqlServer({ url });
  await migrate(openDatabase({ url: server.url, authToken: null }), readMigrations());
  return server;
}

/** Prepares workerd with its own database. */
async function makeWorkerd(): Promise<Runtime> {
  const database = await startMigratedServer(':memory:');
  return {
    start: (settings = {}) => startWorker({ LIBSQL_URL: database.url, ...settings }),
    close: () => database.close(),
  };
}
