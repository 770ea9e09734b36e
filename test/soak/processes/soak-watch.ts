// Watches a Paddock from outside. Its arguments are a process ID and an address. It prints a Sample each second, as JSON.

import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { endWithParent } from '../../../bench/shared/end-with-parent.ts';
import { readPeak, readResident } from '../../../bench/shared/process-tree.ts';
import { readDescriptors } from '../read-descriptors.ts';
import { readLoopDelay } from '../read-loop-delay.ts';
import type { Sample } from '../watch.ts';

/** The pause between two requests to `/health`, and how many of them make a sample. */
const EVERY_MS = 50;
const TIMES = 20;

endWithParent();
// Paddock is killed at the end, while this process still watches it.
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
