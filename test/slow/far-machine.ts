// A machine on its own network that can vanish: nothing answers any more, and no packet reports it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A running machine. */
export interface FarMachine {
  /** Its address, and that of this machine on the same network. */
  readonly address: string;
  readonly near: string;
  /** Starts a JavaScript program there with a value as its argument, and waits for its first output. */
  run(program: string, value: unknown): Promise<void>;
  /** Drops all packets from now on. */
  vanish(): void;
  close(): void;
}

let machines = 0;

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** Starts a machine, or returns null without Linux, root and iproute2. */
export function startFarMachine(): FarMachine | null {
  machines += 1;
  const id = `${process.pid.toString(36)}-${machines}`;
  const [space, nearEnd, farEnd] = [`paddock-${id}`, `pn${id}`, `pf${id}`];
  const { status, stderr } = spawnSync('ip', ['netns', 'add', space], { encoding: 'utf8' });
  if (status !== 0) {
    if (process.env['CI'] === undefined) return null;
    throw new Error(`A far machine takes root and iproute2: ${stderr ?? ''}`);
  }
  const host = (machines % 60) * 4;
  const [near, address] = [host + 1, host + 2].map(
    (last) => `10.203.${process.pid % 256}.${last}`,
  ) as [string, string];
  const children: ReturnType<typeof spawn>[] = [];
  ip('link', 'add', nearEnd, 'type', 'veth', 'peer', 'name', farEnd, 'netns', space);
  ip('address', 'add', `${near}/30`, 'dev', nearEnd);
  ip('link', 'set', nearEnd, 'up');
  const far = (...args: string[]) => ip('-n', space, ...args);
  far('link', 'set', 'lo', 'up');
  far('link', 'set', farEnd, 'up');
  far('address', 'add', `${address}/30`, 'dev', farEnd);
  const readHardware = () =>
    execFileSync('ip', ['netns', 'exec', space, 'cat', `/sys/class/net/${farEnd}/address`], {
      encoding: 'utf8',
    }).trim();
  return {
    address,
    near,
    async run(program, value) {
      const args = ['netns', 'exec', space, process.execPath, '-e', program, JSON.stringify(value)];
      const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      await once(child.stdout, 'data');
    },
    vanish() {
      // Without it, ARP would report the silence.
      ip(
        'neighbor',
        'replace',
        address,
        'lladdr',
        readHardware(),
        'dev',
        nearEnd,
        'nud',
        'permanent',
      );
      far('address', 'flush', 'dev', farEnd);
    },
    close() {
      for (const child of children) child.kill('SIGKILL');
      spawnSync('ip', ['netns', 'delete', space]);
      spawnSync('ip', ['link', 'delete', nearEnd]);
    },
  };
}
