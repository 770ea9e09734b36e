import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startChild } from '../shared/child.ts';

const PACKAGE = '@portkey-ai/gateway@1.15.2';
const FETCH_MS = 120_000;
const START_MS = 20_000;

/** Starts Portkey's gateway before the upstream. Returns null if npm cannot fetch it. */
export async function startPortkey(upstreamPort: number, folder: string) {
  const command = await fetchPortkey(folder);
  if (command === null) return null;
  const port = await findFreePort();
  const args = [command, `--port=${port}`, '--headless'];
  // Its standard error has a stack for each request that it fails.
  const child = await startChild({ args, cwd: folder, stderr: null });
  await waitForPort(port);
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
  };
  return { child, port, headers };
}

/** Has npm fetch the package into its own cache, and returns the file that its command runs. */
async function fetchPortkey(folder: string): Promise<string | null> {
  const args = ['--yes', '-p', PACKAGE, '--', 'node', '-p', 'process.env.PATH'];
  try {
    const options = { cwd: folder, timeout: FETCH_MS };
    const { stdout } = await promisify(execFile)('npx', args, options);
    return realpathSync(join(stdout.split(delimiter)[0] ?? '', 'gateway'));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    console.log(`Portkey is left out. npm could not fetch it: ${reason}\n`);
    return null;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function waitForPort(port: number): Promise<void> {
  for (const startedAt = performance.now(); ; await sleep(50)) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' });
      return;
    } catch (cause) {
      const waited = performance.now() - startedAt;
      if (waited > START_MS) throw new Error(`Nothing listens on port ${port}`, { cause });
    }
  }
}
