import { runJob } from '../load/run-job.ts';
import { IS_QUICK, type StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toTable } from '../shared/table.ts';

/** The job of `routing`. */
export interface RoutingJob {
  readonly sizes: readonly number[];
  readonly runs: number;
}

/** What it costs to decide about one request. */
export interface RoutingFigures {
  readonly rows: readonly {
    readonly providers: number;
    readonly bodyBytes: number;
    readonly microseconds: number;
  }[];
}

const JOB: RoutingJob = { sizes: [1, 20, 200], runs: IS_QUICK ? 10 : 60 };
const MAX_MICROSECONDS = 10;
const MAX_GROWTH = 1.5;

/** Measures the gateway's decisions in a process of their own, without sockets. */
export async function runRoutingStage(): Promise<StageResult> {
  const { rows } = await runJob<RoutingFigures>('routing.js', { job: JOB, timeoutMs: 60_000 });
  const times = rows.map(({ microseconds }) => microseconds);
  const table = toTable(
    ['providers', 'body bytes', 'µs per request'],
    rows.map((row) => [String(row.providers), String(row.bodyBytes), toFixed(row.microseconds, 2)]),
  );
  const growth = (times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN);
  const goals = [
    { title: 'routing: µs per request', figure: Math.max(...times), atMost: MAX_MICROSECONDS },
    { title: 'routing: 200 providers / 1', figure: growth, atMost: MAX_GROWTH },
  ];
  return { table, goals };
}
