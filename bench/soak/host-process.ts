import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../child.ts';

/** From one moment to another, by `performance.now()`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Ports below those that systems give to outgoing connections: one of these could otherwise take a killed host's port,
 * or even connect to itself there.
 */
const PORTS = { from: 20_000, count: 10_000 };

/** How often a host is started before it counts as impossible, and how long there is between, in milliseconds. */
const ATTEMPTS = 20;
const AGAIN_MS = 250;

/** How long after a host has come back a request may still meet a connection to the one that was killed, in milliseconds. */
const GRACE_MS = 1000;

/** Some hosts in one process. */
export interface HostProcess {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  /** Kills it, and starts it again after a while. */
  kill(downMs: number): Promise<void>;
  /** Stops it, so that it takes connections and answers nobody, and lets it go on after a while. */
  stop(stoppedMs: number): Promise<void>;
  /** Whether it was killed, and not yet back, at any time of a span. */
  wasDown(span: Span): boolean;
  /** How many requests it is at work on. */
  countOpen(): Promise<number>;
  end(): Promise<void>;
}

/** Starts some hosts in one process, by the program that is one. */
export async function startHosts(
  hosts: readonly string[],
  { program, cwd }: { program: string; cwd: string },
): Promise<HostProcess> {
  const ports = await Promise.all(hosts.map(findPort));
  const args = [program, ...hosts.map((host, index) => `${host}:${ports[index]}`)];
  const downs: { from: number; to: number }[] = [];
  let child = await startAgain({ args, cwd });
  return {
    hosts,
    ports,
    async kill(downMs) {
      const down = { from: performance.now(), to: Infinity };
      downs.push(down);
      await child.end();
      await sleep(downMs);
      child = await startAgain({ args, cwd });
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

async function startAgain(options: { args: readonly string[]; cwd: string }): Promise<Child> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // What it says where its port is not free yet is nothing to anybody.
      return await startChild({ ...options, quiet: attempt < ATTEMPTS });
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
