import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../child.ts';
import { fetchPortkey, PORTKEY } from './portkey.ts';
import { toTarget, type Target } from './target.ts';
import { bundleWorker } from './worker-bundle.ts';

/** What targets are started with. */
export interface Setup {
  /** The package's root, and the build's. */
  readonly root: string;
  readonly dist: string;
  /** A temporary folder. */
  readonly folder: string;
}

/** What targets are started with, once there is an upstream for them. */
export interface UpstreamSetup extends Setup {
  readonly upstream: Target;
}

/** How long Portkey may take to listen, in milliseconds. */
const START_MS = 20_000;

const PROVIDER = 'herd';

const BUN = 'node_modules/.bin/bun';

/** Starts what answers all the others. */
export async function startUpstream({ dist, folder }: Setup): Promise<Target> {
  const args = [join(dist, 'bench/gateway/processes/upstream.js')];
  const child = await startChild({ args, cwd: folder });
  return toTarget(child, { name: 'upstream alone', port: Number(child.firstLine) });
}

/** Starts the proxy that looks at nothing. */
export async function startBareProxy({ dist, folder, upstream }: UpstreamSetup): Promise<Target> {
  const args = [join(dist, 'bench/gateway/processes/bare-proxy.js'), String(upstream.port)];
  const child = await startChild({ args, cwd: folder });
  return toTarget(child, { name: 'bare node:http proxy', port: Number(child.firstLine) });
}

/**
 * Starts Portkey's gateway as its own command does.
 * @returns null where it cannot be fetched
 */
export async function startPortkey({ folder, upstream }: UpstreamSetup): Promise<Target | null> {
  const command = await fetchPortkey(folder);
  if (command === null) return null;
  const port = await findFreePort();
  const child = await startChild({
    args: [command, `--port=${port}`, '--headless'],
    cwd: folder,
    // It prints a stack for each request that it fails.
    quiet: true,
  });
  await waitForPort(port);
  return toTarget(child, {
    name: PORTKEY,
    port,
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstream.port}/v1`,
    },
  });
}

/** Starts Paddock on Node, as its users do. */
export function startOnNode(setup: UpstreamSetup): Promise<Target> {
  const args = [join(setup.dist, 'runtime/node.js')];
  return startPaddock(setup, { name: 'Paddock on Node', args });
}

/** Starts Paddock on Bun, as its users do. */
export function startOnBun(setup: UpstreamSetup): Promise<Target> {
  const command = join(setup.root, BUN);
  const args = [join(setup.dist, 'runtime/bun.js')];
  return startPaddock(setup, { name: 'Paddock on Bun', command, args });
}

/** Starts workerd with Paddock as it would be deployed. */
export async function startInWorkerd(setup: UpstreamSetup): Promise<Target> {
  const { dist, folder, upstream } = setup;
  const worker = await bundleWorker(setup);
  const child = await startChild({
    args: [
      join(dist, 'bench/gateway/processes/worker.js'),
      worker.folder,
      worker.compatibilityDate,
      worker.compatibilityFlags,
      JSON.stringify(toSettings(upstream)),
    ],
    cwd: folder,
  });
  return toTarget(child, {
    name: 'Paddock in workerd',
    port: toPort(child.firstLine),
    modelPrefix: `${PROVIDER}/`,
  });
}

/** Starts the gateway with nothing that watches it, on Node or on Bun. */
export async function startUnwatched(setup: UpstreamSetup, on: 'Node' | 'Bun'): Promise<Target> {
  const command = on === 'Bun' ? join(setup.root, BUN) : process.execPath;
  const program = join(setup.dist, 'bench/gateway/processes/unwatched.js');
  const { PROVIDERS } = toSettings(setup.upstream);
  const child = await startChild({ command, args: [program, PROVIDERS], cwd: setup.folder });
  const port = Number(child.firstLine);
  return toTarget(child, { name: `unwatched on ${on}`, port, modelPrefix: `${PROVIDER}/` });
}

async function startPaddock(
  { folder, upstream }: UpstreamSetup,
  program: Pick<Target, 'name'> & { command?: string; args: readonly string[] },
): Promise<Target> {
  const { name, ...rest } = program;
  // Away from anybody's .env file, with a database of its own.
  const cwd = mkdtempSync(join(folder, 'paddock-'));
  const child = await startChild({
    ...rest,
    cwd,
    logFile: join(cwd, 'log'),
    env: { PORT: '0', ...toSettings(upstream) },
  });
  return toTarget(child, { name, port: toPort(child.firstLine), modelPrefix: `${PROVIDER}/` });
}

function toSettings(upstream: Target) {
  return { PROVIDERS: `${PROVIDER}=llama-swap://127.0.0.1:${upstream.port}` };
}

/** The port that a line names at its end. */
function toPort(line: string): number {
  const port = /http:\/\/127\.0\.0\.1:(\d+)$/u.exec(line)?.[1];
  if (port === undefined) throw new Error(`Expected an address but received "${line}"`);
  return Number(port);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function waitForPort(port: number): Promise<void> {
  for (const startedAt = performance.now(); ;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' });
      return;
    } catch (cause) {
      const waited = performance.now() - startedAt;
      if (waited > START_MS) throw new Error(`Nothing listens on port ${port}`, { cause });
      await sleep(50);
    }
  }
}
