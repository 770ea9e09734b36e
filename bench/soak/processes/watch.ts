// Watches a Paddock from outside: its arguments are a process and its address. Prints a Sample each second, as JSON.

import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { endWithParent } from '../../end-with-parent.ts';
import { readPeak, readResident } from '../../gateway/process-tree.ts';
import { readDescriptors } from '../read-descriptors.ts';
import { readLoopDelay } from '../read-loop-delay.ts';
import type { Sample } from '../watch.ts';

/** How often `/health` is asked, and after how many times there is a sample. */
const EVERY_MS = 50;
const TIMES = 20;

endWithParent();
// It is killed while it is watched, at the end.
process.once('uncaughtException', () => process.exit(0));
const [pid = '', url = ''] = process.argv.slice(2);
const paddock = new Pool(url, { connections: 1, headersTimeout: 0 });
for (;;) {
  let healthMs = 0;
  for (let time = 0; time < TIMES; time += 1) {
    healthMs = Math.max(healthMs, await askHealth());
    await sleep(EVERY_MS);
  }
  console.log(JSON.stringify(await take(healthMs)));
}

async function askHealth(): Promise<number> {
  const from = performance.now();
  const { body } = await paddock.request({ path: '/health', method: 'GET' });
  await body.dump();
  return performance.now() - from;
}

async function take(healthMs: number): Promise<Sample> {
  const { statusCode, body } = await paddock.request({ path: '/metrics', method: 'GET' });
  const text = await body.text();
  return {
    residentBytes: readResident([Number(pid)]),
    peakBytes: readPeak([Number(pid)]),
    ...readDescriptors(Number(pid)),
    delayMs: statusCode === 200 ? readLoopDelay(text) : null,
    healthMs,
  };
}
