import { join } from 'node:path';
import { startChild } from '../child.ts';
import { interleave, toMedians } from '../compare.ts';
import type { Load } from '../load.ts';
import type { Kind } from './exchanges.ts';
import type { Failure } from './report-failure.ts';
import type { Target } from './target.ts';

/** What the load generator is to do. */
export interface LoadJob {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly modelPrefix: string;
  /** The processes whose cost is measured. */
  readonly pids: readonly number[];
  readonly kind: Exclude<Kind, 'slow'>;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly ms: number;
}

/** What a target bore, and the memory that it took. */
export interface GatewayLoad extends Load {
  /** The most that it held at any moment, in bytes; null where the system does not tell. */
  readonly peakBytes: number | null;
}

/** What kind of load, and for how long. */
export interface LoadPlan extends Pick<LoadJob, 'kind' | 'connections' | 'warmUpMs' | 'ms'> {
  /** The build's root. */
  readonly dist: string;
}

/** How much longer than planned a load may take, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Puts load on targets in turn, round after round, and answers the medians of each target, and its highest peak. */
export async function compareTargets(
  targets: readonly Target[],
  plan: LoadPlan & { rounds: number },
): Promise<GatewayLoad[]> {
  const all = await interleave(targets, {
    rounds: plan.rounds,
    measure: (target) => measureTarget(target, plan),
  });
  return all.map((loads) => {
    const peaks = loads.flatMap(({ peakBytes }) => peakBytes ?? []);
    return { ...toMedians(loads), peakBytes: peaks.length === 0 ? null : Math.max(...peaks) };
  });
}

/**
 * Puts load on a target, once.
 * @throws where any answer is not the right one
 */
export async function measureTarget(target: Target, plan: LoadPlan): Promise<GatewayLoad> {
  const { port, headers, modelPrefix, pids } = target;
  const { dist, kind, connections, warmUpMs, ms } = plan;
  const job: LoadJob = { port, headers, modelPrefix, pids, kind, connections, warmUpMs, ms };
  return runJob<GatewayLoad>(join(dist, 'bench/gateway/processes/load.js'), {
    job,
    patienceMs: warmUpMs + ms + PATIENCE_MS,
    target,
  });
}

/** Runs a program that takes a job as JSON and prints its result as one line of JSON, and lets it end by itself. */
export async function runJob<Result extends object>(
  program: string,
  options: { job: object; patienceMs: number; target: Target },
): Promise<Result> {
  const { job, patienceMs, target } = options;
  const args = [program, JSON.stringify(job)];
  const child = await startChild({ args, cwd: '/', patienceMs });
  await child.ended;
  const result = JSON.parse(child.firstLine) as Result | Failure;
  if (!isFailure(result)) return result;
  throw new Error(`${target.name} did not bear the load: ${result.failure}`);
}

function isFailure(result: object): result is Failure {
  return 'failure' in result;
}
