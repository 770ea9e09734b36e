// The load generator, in a process of its own: so many connections, each of which sends the same request again as soon
// as its answer is whole and is, byte for byte, the right one. Its argument is a LoadJob; it prints a GatewayLoad.

import { setTimeout as sleep } from 'node:timers/promises';
import { endWithParent } from '../../end-with-parent.ts';
import { quantile } from '../../median.ts';
import { openConnection, type Connection } from '../connections.ts';
import { CHAT_PATH, toAnswerBody, toRequestBody } from '../exchanges.ts';
import type { GatewayLoad, LoadJob } from '../load-job.ts';
import { readPeak, readTreeCpu, resetPeak, toEach } from '../process-tree.ts';
import { reportFailure } from '../report-failure.ts';
import { toRequest } from '../wire.ts';

/** How long answers that are under way at the end may take, in milliseconds. */
const LAST_MS = 5000;

endWithParent();
reportFailure();
const job = JSON.parse(process.argv[2] ?? '') as LoadJob;
const body = toRequestBody(job.kind, job.modelPrefix + job.kind);
const request = toRequest({ path: CHAT_PATH, headers: job.headers, body });
const expected = toAnswerBody(job.kind);
const latencies: number[] = [];
let phase: 'warming up' | 'counting' | 'ending' = 'warming up';
let open = 0;

await Promise.all(Array.from({ length: job.connections }, ask));
await sleep(job.warmUpMs);
console.log(JSON.stringify(await count()));
phase = 'ending';
setTimeout(() => process.exit(0), LAST_MS);

async function ask(): Promise<void> {
  let offset = 0;
  let sentAt = 0;
  const send = (over: Connection) => {
    offset = 0;
    sentAt = performance.now();
    over.send(request);
  };
  const connection = await openConnection(job.port, {
    body(buffer, { from, to }) {
      const end = offset + to - from;
      if (end > expected.length || expected.compare(buffer, from, to, offset, end) !== 0) {
        throw new Error(`Other bytes than expected: ${buffer.toString('utf8', from, to)}`);
      }
      offset = end;
    },
    end() {
      if (offset !== expected.length) throw new Error('Expected more bytes of the answer');
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

async function count(): Promise<GatewayLoad> {
  const { pids, ms } = job;
  resetPeak(pids);
  const cpuBefore = readTreeCpu(pids);
  const startedAt = performance.now();
  phase = 'counting';
  await sleep(ms);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuAfter = readTreeCpu(pids);
  const requests = latencies.length;
  return {
    perSecond: requests / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    slowest: quantile(latencies, 1),
    cpu: toEach({ from: cpuBefore, to: cpuAfter, times: requests }),
    peakBytes: readPeak(pids),
  };
}
