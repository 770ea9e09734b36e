import autocannon from 'autocannon';
import { readCpuTime } from './cpu-time.ts';
import { quantile } from './median.ts';

/** How many requests are under way at any time. */
export const CONNECTIONS = 32;

/** What load is put on. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 200 | 304;
  /** The process that answers. */
  readonly pid: number;
}

/** What a target bore. */
export interface Load {
  readonly perSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The slowest answer, which is where a stall of the server shows. */
  readonly slowest: number;
  /** Processor time of the server per request, in microseconds; null where the system does not tell. */
  readonly cpu: number | null;
}

/**
 * Puts load on a target for some seconds.
 * @throws where any answer has another status than it should, or none comes
 */
export async function measureLoad(target: Target, seconds: number): Promise<Load> {
  const { url, headers, pid } = target;
  const latencies: number[] = [];
  const cpuBefore = readCpuTime(pid);
  const startedAt = performance.now();
  let endedAt = startedAt;
  const run = autocannon({
    url,
    headers,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 50,
    // Else it would put every body together as text, and be slower at that than any server is here.
    setupClient: ({ pipelinedRequests }) => {
      pipelinedRequests.addBody = () => {};
    },
  });
  run.on('response', (...answer: [client: unknown, status: number, bytes: number, ms: number]) => {
    latencies.push(answer[3]);
    endedAt = performance.now();
  });
  const { errors, timeouts, statusCodeStats } = await run;
  const cpuAfter = readCpuTime(pid);

  const statuses = Object.keys(statusCodeStats).join();
  if (errors > 0 || timeouts > 0 || statuses !== String(target.status)) {
    throw new Error(
      `${target.name}: GET ${url}: expected ${target.status} each time but received ${statuses || 'nothing'}, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  return {
    perSecond: (latencies.length * 1000) / (endedAt - startedAt),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    slowest: quantile(latencies, 1),
    cpu:
      cpuBefore === null || cpuAfter === null
        ? null
        : ((cpuAfter - cpuBefore) * 1000) / latencies.length,
  };
}
