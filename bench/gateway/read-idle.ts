import { setTimeout as sleep } from 'node:timers/promises';
import { measureTarget } from './load-job.ts';
import { readResident } from './process-tree.ts';
import type { Target } from './target.ts';

/** How long a target has to come to rest, in milliseconds. */
const REST_MS = 500;

/**
 * What a target holds before it has anything to do, in bytes; null where the system does not tell. It has answered a few
 * requests by then, so that what is made only once is in it.
 * @throws where any answer was not the right one
 */
export async function readIdle(target: Target, dist: string): Promise<number | null> {
  const few = { kind: 'chat', connections: 1, warmUpMs: 0, ms: 50 } as const;
  await measureTarget(target, { dist, ...few });
  await sleep(REST_MS);
  return readResident(target.pids);
}
