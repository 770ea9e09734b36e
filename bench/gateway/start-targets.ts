import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { measureLoad } from '../load/measure-load.ts';
import { startChild, type Child } from '../shared/child.ts';
import { BUN, makeTemporaryFolder, TOOLS } from '../shared/paths.ts';
import { readResident, readTree } from '../shared/process-tree.ts';
import { startPaddock } from '../shared/start-paddock.ts';
import { bundleWorker } from './bundle-worker.ts';
import { toExchange } from './exchanges.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { startPortkey } from './portkey.ts';

/** A target that was started here. */
interface StartedTarget extends GatewayTarget {
  end(): Promise<void>;
}

/** The name of a gateway. */
type GatewayName =
  | 'bare node:http proxy'
  | 'Portkey'
  | `${'Paddock' | 'gateway alone'} on ${'Node' | 'Bun'}`
  | 'Paddock in workerd';

type Start = (upstreamPort: number) => Promise<StartedTarget | null>;

const PROVIDER = 'local';
const OURS = { modelPrefix: `${PROVIDER}/` };

/** How long a process may settle before its memory is read. */
const REST_MS = 500;

const folder = makeTemporaryFolder();

/** The gateways that are compared. */
const GATEWAYS: Readonly<Record<GatewayName, Start>> = {
  'bare node:http proxy': async (port) => {
    const child = await startTool('bare-proxy.js', [String(port)]);
    return toTarget(child, { name: 'bare node:http proxy', port: Number(child.firstLine) });
  },
  Portkey: async (upstreamPort) => {
    const started = await startPortkey(upstreamPort, folder);
    return started && toTarget(started.child, { name: 'Portkey', ...started });
  },
  'Paddock on Node': async (port) => startOurs('node', { name: 'Paddock on Node', port }),
  'Paddock on Bun': async (port) => startOurs('bun', { name: 'Paddock on Bun', port }),
  'Paddock in workerd': async (upstreamPort) => {
    const worker = await bundleWorker(mkdtempSync(join(folder, 'worker-')));
    const settings = JSON.stringify({ PROVIDERS: toProviders(upstreamPort) });
    const child = await startTool('workerd.js', [...worker, settings]);
    const port = Number(new URL(child.firstLine).port);
    return toTarget(child, { name: 'Paddock in workerd', port, ...OURS });
  },
  'gateway alone on Node': async (port) => startAlone('Node', port),
  'gateway alone on Bun': async (port) => startAlone('Bun', port),
};

/** The name of the upstream as a target of its own. */
export const ALONE = 'upstream alone';

/** Starts an upstream and gateways before it, hands them over in that order, and ends them all. */
export async function withTargets<Result>(
  names: readonly GatewayName[],
  run: (targets: readonly GatewayTarget[]) => Promise<Result>,
): Promise<Result> {
  const child = await startTool('upstream.js', []);
  const upstream = toTarget(child, { name: ALONE, port: Number(child.firstLine) });
  const targets = [upstream];
  for (const name of names) {
    const target = await GATEWAYS[name](upstream.port);
    if (target !== null) targets.push(target);
  }
  try {
    return await run(targets);
  } finally {
    await Promise.all(targets.map((target) => target.end()));
  }
}

/** The memory that a target holds after its first few requests, in bytes; null where the system does not tell. */
export async function readIdle(target: GatewayTarget): Promise<number | null> {
  const exchange = toExchange('chat', target);
  await measureLoad(target, { exchange, connections: 1, warmUpMs: 0, ms: 50 });
  await sleep(REST_MS);
  return readResident(target.pids);
}

async function startOurs(
  runtime: 'node' | 'bun',
  { name, port: upstreamPort }: { name: GatewayName; port: number },
): Promise<StartedTarget> {
  const settings = { PROVIDERS: toProviders(upstreamPort) };
  const own = mkdtempSync(join(folder, 'paddock-'));
  const paddock = await startPaddock({ runtime, folder: own, settings });
  return toTarget(paddock, { name, port: paddock.port, ...OURS });
}

async function startAlone(on: 'Node' | 'Bun', upstreamPort: number): Promise<StartedTarget> {
  const command = on === 'Bun' ? BUN : process.execPath;
  const args = [join(TOOLS, 'gateway-alone.js'), toProviders(upstreamPort)];
  const child = await startChild({ command, args });
  const port = Number(child.firstLine);
  return toTarget(child, { name: `gateway alone on ${on}`, port, ...OURS });
}

function startTool(program: string, args: readonly string[]): Promise<Child> {
  return startChild({ args: [join(TOOLS, program), ...args] });
}

function toProviders(port: number): string {
  return `${PROVIDER}=llama-swap://127.0.0.1:${port}`;
}

function toTarget(
  child: Child,
  options: Pick<GatewayTarget, 'name' | 'port'> & Partial<GatewayTarget>,
): StartedTarget {
  const { name, port, headers = {}, modelPrefix = '' } = options;
  return {
    name,
    port,
    headers: { authorization: 'Bearer x', ...headers },
    modelPrefix,
    pids: readTree(child.pid),
    end: () => child.end(),
  };
}
