// Many slow streams at once, in a process of its own. Its argument is a SlowJob; it prints a SlowLoad.

import { setTimeout as sleep } from 'node:timers/promises';
import { endWithParent } from '../../end-with-parent.ts';
import { quantile } from '../../median.ts';
import { openConnection, type Connection } from '../connections.ts';
import { CHAT_PATH, readClock, toRequestBody } from '../exchanges.ts';
import { readPeak, readTreeCpu, resetPeak, toEach } from '../process-tree.ts';
import type { SlowJob, SlowLoad } from '../slow-stage.ts';
import { reportFailure } from '../report-failure.ts';
import { toRequest } from '../wire.ts';

/** So many streams are opened at a time, with a pause between, so that no backlog of connections overflows. */
const BATCH = 20;
const PAUSE_MS = 20;
/** How long it may take until all have begun, and then until all is quiet, in milliseconds. */
const BEGIN_MS = 10_000;
const SETTLE_MS = 500;

const EVENT = /\{"sent":(\d+)\}\n\n/gu;

endWithParent();
reportFailure();
const job = JSON.parse(process.argv[2] ?? '') as SlowJob;
const request = toRequest({
  path: CHAT_PATH,
  headers: job.headers,
  body: toRequestBody('slow', `${job.modelPrefix}slow`),
});
const connections: Connection[] = [];
const delays: number[] = [];
let begun = 0;
let counting = false;

for (let opened = 0; opened < job.streams; opened += BATCH) {
  const size = Math.min(BATCH, job.streams - opened);
  connections.push(...(await Promise.all(Array.from({ length: size }, openStream))));
  await sleep(PAUSE_MS);
}
for (const startedAt = performance.now(); begun < job.streams; await sleep(PAUSE_MS)) {
  if (performance.now() - startedAt > BEGIN_MS) break;
}
await sleep(SETTLE_MS);
console.log(JSON.stringify(await count()));
for (const connection of connections) connection.end();
process.exit(0);

async function openStream(): Promise<Connection> {
  let isFirst = true;
  let rest = '';
  const connection = await openConnection(job.port, {
    body(buffer, { from, to }) {
      const arrivedAt = readClock();
      const text = rest + buffer.toString('latin1', from, to);
      let end = 0;
      for (const event of text.matchAll(EVENT)) {
        end = event.index + event[0].length;
        if (counting) delays.push((arrivedAt - Number(event[1])) / 1000);
        if (isFirst) begun += 1;
        isFirst = false;
      }
      rest = text.slice(end);
    },
    end() {
      throw new Error('A slow stream ended by itself');
    },
  });
  connection.send(request);
  return connection;
}

async function count(): Promise<SlowLoad> {
  resetPeak(job.pids);
  const cpuBefore = readTreeCpu(job.pids);
  counting = true;
  await sleep(job.ms);
  counting = false;
  const cpuAfter = readTreeCpu(job.pids);
  return {
    streams: begun,
    events: delays.length,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    slowest: quantile(delays, 1),
    cpu: toEach({ from: cpuBefore, to: cpuAfter, times: delays.length }),
    peakBytes: readPeak(job.pids),
  };
}
