// The load generator: each connection sends the same request again as soon as its answer is complete. It checks every
// answer. Its argument is a LoadJob; it prints a Load.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, LoadJob } from '../load/measure-load.ts';
import { openConnection, type Connection } from '../load/open-connection.ts';
import { readJob } from '../load/run-job.ts';
import { endWithParent } from '../shared/end-with-parent.ts';
import { readCpu, readPeak, resetPeak, toMicrosecondsEach } from '../shared/process-tree.ts';
import { quantile } from '../shared/quantile.ts';

/** How long to wait for the last answers. */
const LAST_MS = 5000;

endWithParent();
const { name, port, pids, status, header, connections, warmUpMs, ms, ...files } =
  readJob<LoadJob>();
const request = readFileSync(files.requestFile);
const expected = files.bodyFile === null ? null : readFileSync(files.bodyFile);
const latencies: number[] = [];
let phase: 'warming up' | 'counting' | 'ending' = 'warming up';
let open = 0;

await Promise.all(Array.from({ length: connections }, start));
await sleep(warmUpMs);
console.log(JSON.stringify(await count()));
phase = 'ending';
setTimeout(() => process.exit(0), LAST_MS);

async function start(): Promise<void> {
  let offset = 0;
  let sentAt = 0;
  const send = (over: Connection) => {
    offset = 0;
    sentAt = performance.now();
    over.send(request);
  };
  const connection = await openConnection(port, {
    status,
    header,
    body(buffer, { from, to }) {
      const end = offset + to - from;
      const isRight =
        expected === null ||
        (end <= expected.length && expected.compare(buffer, from, to, offset, end) === 0);
      if (!isRight) throw new Error(`${name}: wrong bytes: ${buffer.toString('utf8', from, to)}`);
      offset = end;
    },
    end() {
      if (expected !== null && offset !== expected.length) throw new Error(`${name}: cut short`);
      if (phase === 'counting') latencies.push(performance.now() - sentAt);
      if (phase !== 'ending') return send(connection);
      connection.end();
      open -= 1;
      if (open === 0) process.exit(0);
    },
  });
  open += 1;
  send(connection);
}

async function count(): Promise<Load> {
  resetPeak(pids);
  const cpuBefore = readCpu(pids);
  const startedAt = performance.now();
  phase = 'counting';
  await sleep(ms);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuAfter = readCpu(pids);
  return {
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: toMicrosecondsEach([cpuBefore, cpuAfter], latencies.length),
    peakBytes: readPeak(pids),
  };
}
