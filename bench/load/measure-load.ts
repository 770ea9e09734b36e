import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../shared/paths.ts';
import { median } from '../shared/quantile.ts';
import { runJob } from './run-job.ts';

/** A request, as it is sent, and the answer that is due. */
export interface Exchange {
  readonly request: Buffer;
  readonly status: number;
  /** A line that the answer's head must contain, or null. */
  readonly header: string | null;
  /** The body, or null where it differs from answer to answer. */
  readonly body: Buffer | null;
}

/** A server under load. */
export interface Target {
  readonly name: string;
  readonly port: number;
  /** Its processes. */
  readonly pids: readonly number[];
}

/** How much load, and for how long. */
export interface LoadPlan {
  readonly connections: number;
  readonly warmUpMs: number;
  readonly ms: number;
}

/** The load generator's job. */
export interface LoadJob extends Target, LoadPlan, Pick<Exchange, 'status' | 'header'> {
  readonly requestFile: string;
  readonly bodyFile: string | null;
}

/** One window of load, or the medians of several. */
export interface Load {
  readonly perSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the target for each request, in microseconds; null where the system does not tell. */
  readonly cpu: number | null;
  /** The most memory that the target held, in bytes; null where the system does not tell. */
  readonly peakBytes: number | null;
}

const TIMEOUT_MS = 20_000;

/** Holds the files of one load at a time. */
let folder: string | undefined;

/**
 * Puts load on a target once.
 * @throws if an answer is not the one that is due
 */
export async function measureLoad(
  { name, port, pids }: Target,
  { exchange, connections, warmUpMs, ms }: LoadPlan & { exchange: Exchange },
): Promise<Load> {
  const { request, status, header, body } = exchange;
  folder ??= makeTemporaryFolder();
  const requestFile = join(folder, 'request');
  const bodyFile = body === null ? null : join(folder, 'body');
  writeFileSync(requestFile, request);
  if (bodyFile !== null) writeFileSync(bodyFile, body ?? '');
  const files = { requestFile, bodyFile };
  const job: LoadJob = { name, port, pids, status, header, connections, warmUpMs, ms, ...files };
  return runJob<Load>('load.js', { job, timeoutMs: warmUpMs + ms + TIMEOUT_MS });
}

/** Puts load on targets in turn, round after round, and returns the medians of each target. */
export async function compareLoads<Each extends Target & { exchange: Exchange }>(
  targets: readonly Each[],
  { rounds, ...plan }: LoadPlan & { rounds: number },
): Promise<(Each & { load: Load })[]> {
  const windows = targets.map((target) => ({ target, loads: [] as Load[] }));
  for (let round = 0; round < rounds; round += 1) {
    // There and back again: a machine that becomes slower hits every target alike.
    for (const { target, loads } of round % 2 === 0 ? windows : windows.toReversed()) {
      loads.push(await measureLoad(target, { ...plan, exchange: target.exchange }));
    }
  }
  return windows.map(({ target, loads }) => ({ ...target, load: toMedians(loads) }));
}

// The median of each figure, and the highest peak.
function toMedians(loads: readonly Load[]): Load {
  const peaks = loads.flatMap(({ peakBytes }) => peakBytes ?? []);
  const cpus = loads.flatMap(({ cpu }) => cpu ?? []);
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p50: median(loads.map(({ p50 }) => p50)),
    p99: median(loads.map(({ p99 }) => p99)),
    cpu: cpus.length === 0 ? null : median(cpus),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}
