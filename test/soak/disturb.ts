import { setTimeout as sleep } from 'node:timers/promises';
import type { HostProcess } from './host-process.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';

/** How long hosts are left in peace, and how long they are killed or stopped, in milliseconds. */
const PEACE_MS = [1000, 4000] as const;
const DOWN_MS = [100, 2000] as const;

/** Kills and stops hosts now and then until `ending` aborts. They run when it resolves. */
export async function disturb(
  hosts: HostProcess,
  options: { random: Random; tally: Tally; ending: AbortSignal },
): Promise<void> {
  const { random, tally, ending } = options;
  for (;;) {
    await sleep(random.whole(...PEACE_MS), undefined, { signal: ending }).catch(() => {});
    if (ending.aborted) return;
    const ms = random.whole(...DOWN_MS);
    if (random.next() < 0.5) {
      tally.addFault('host killed');
      await hosts.kill(ms);
    } else {
      tally.addFault('host stopped');
      await hosts.stop(ms);
    }
  }
}
