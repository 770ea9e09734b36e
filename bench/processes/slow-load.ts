// Opens many slow streams at once. Its argument is a SlowJob; it prints a SlowLoad.

import { setTimeout as sleep } from 'node:timers/promises';
import { readClock, toChatRequest } from '../gateway/exchanges.ts';
import type { SlowJob, SlowLoad } from '../gateway/slow-stage.ts';
import { openConnection, type Connection } from '../load/open-connection.ts';
import { readJob } from '../load/run-job.ts';
import { endWithParent } from '../shared/end-with-parent.ts';
import { readCpu, readPeak, resetPeak, toMicrosecondsEach } from '../shared/process-tree.ts';
import { quantile } from '../shared/quantile.ts';

/** Streams are opened in batches with a pause between, so that no listen backlog overflows. */
const BATCH = 20;
const PAUSE_MS = 20;
/** How long all streams may take to begin, and how long to wait after that. */
const BEGIN_MS = 10_000;
const SETTLE_MS = 500;

const EVENT = /\{"sent":(\d+)\}\n\n/gu;

endWithParent();
const job = readJob<SlowJob>();
const request = toChatRequest('slow', job);
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
    status: 200,
    header: null,
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
  const cpuBefore = readCpu(job.pids);
  counting = true;
  await sleep(job.ms);
  counting = false;
  const cpuAfter = readCpu(job.pids);
  return {
    streams: begun,
    events: delays.length,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    cpu: toMicrosecondsEach([cpuBefore, cpuAfter], delays.length),
    peakBytes: readPeak(job.pids),
  };
}
