import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../../bench/shared/child.ts';
import { TOOLS } from '../../bench/shared/paths.ts';

/** From one moment to another, by `performance.now()`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Ports below those that systems give to outgoing connections. An outgoing connection could otherwise take the port of a
 * killed host, or even connect to itself.
 */
const PORTS = { from: 20_000, count: 10_000 };

/** How often a host is started before that counts as a failure, and the pause between. */
const ATTEMPTS = 20;
const AGAIN_MS = 250;

/** How long after a restart a request may still meet a connection to the killed process. */
const GRACE_MS = 1000;

/** Some hosts in one process. */
export interface HostProcess {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** Kills it, and starts it again after a while. */
  kill(downMs: number): Promise<void>;
  /** Stops it with SIGSTOP: it accepts connections and does not answer. Continues it after a while. */
  stop(stoppedMs: number): Promise<void>;
  /** Whether it was down at any time of a span. */
  wasDown(span: Span): boolean;
  /** How many requests it is working on. */
  countOpen(): Promise<number>;
  end(): Promise<void>;
}

/** Starts some hosts in one process. */
export async function startHosts(hosts: readonly string[]): Promise<HostProcess> {
  const ports = await Promise.all(hosts.map(findPort));
  const program = join(TOOLS, 'soak-hosts.js');
  const args = [program, ...hosts.map((host, index) => `${host}:${ports[index]}`)];
  const downs: { from: number; to: number }[] = [];
  let child = await startAgain(args);
  return {
    hosts,
    ports,
    async kill(downMs) {
      const down = { from: performance.now(), to: Infinity };
      downs.push(down);
      await child.end();
      await sleep(downMs);
      child = await startAgain(args);
      down.to = performance.now() + GRACE_MS;
    },
    async stop(stoppedMs) {
      process.kill(child.pid, 'SIGSTOP');
      await sleep(stoppedMs);
      process.kill(child.pid, 'SIGCONT');
    },
    wasDown: ({ from, to }) => downs.some((down) => from <= down.to && to >= down.from),
    async countOpen() {
      const counts = ports.map(async (port) => {
        const answer = await fetch(`http://127.0.0.1:${port}/open`);
        return Number(await answer.text());
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    end: () => child.end(),
  };
}

async function startAgain(args: readonly string[]): Promise<Child> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // While its port is not free yet, its error message is of no use.
      return await startChild({ args, ...(attempt < ATTEMPTS && { stderr: null }) });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

async function findPort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree !== true) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
