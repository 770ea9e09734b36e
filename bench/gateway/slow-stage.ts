import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toGoal, type Goal } from '../goal.ts';
import { toTable } from '../table.ts';
import { toFixed } from './figures.ts';
import { runJob } from './load-job.ts';
import { readIdle } from './read-idle.ts';
import { startBareProxy, startOnBun, startOnNode, type UpstreamSetup } from './start-targets.ts';
import type { Target, TargetName } from './target.ts';

/** What `slow-load` is to do. */
export interface SlowJob extends Pick<Target, 'port' | 'headers' | 'modelPrefix' | 'pids'> {
  readonly streams: number;
  readonly ms: number;
}

/** What came of it. */
export interface SlowLoad {
  /** How many streams began at all. */
  readonly streams: number;
  readonly events: number;
  /** How long an event was on its way from the upstream to the client, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  /** Processor time of the target per event, in microseconds; null where the system does not tell. */
  readonly cpu: number | null;
  /** The most memory that the target held, in bytes; null where the system does not tell. */
  readonly peakBytes: number | null;
}

/** The slow streams of one target. */
export interface SlowFigures extends SlowLoad {
  readonly name: TargetName;
  readonly wanted: number;
  /** Memory for each stream beyond what the target held before, in bytes; NaN where the system does not tell. */
  readonly bytesEach: number;
  /** The p99 of the delay beyond that of the upstream alone, in milliseconds. */
  readonly addedP99: number;
}

/** What a stage of slow streams is given. */
interface SlowPlan extends UpstreamSetup {
  readonly streams: number;
  readonly slowMs: number;
}

/** Of what a process may open, so much is left for other things than streams, which take two each. */
const SPARE_FILES = 200;
const PATIENCE_MS = 40_000;

const MOST_BYTES_EACH = 64 * 1024;
const MOST_ADDED_MS = 10;

/** Opens many slow streams through one target after the other, each a fresh process. */
export async function runSlowStage(plan: SlowPlan): Promise<SlowFigures[]> {
  const streams = Math.min(plan.streams, Math.floor((readMostFiles() - SPARE_FILES) / 2));
  if (streams < plan.streams) console.log(`No more than ${streams} streams: see ulimit -n\n`);
  const alone = await measure(plan.upstream, { ...plan, streams, alone: null });
  const figures = [alone];
  for (const start of [startBareProxy, startOnNode, startOnBun]) {
    const target = await start(plan);
    figures.push(await measure(target, { ...plan, streams, alone }));
    await target.end();
  }
  return figures;
}

/** The slow streams as a table. */
export function describeSlow(figures: readonly SlowFigures[]): string {
  const wanted = figures[0]?.wanted ?? 0;
  const head = [
    `${wanted} slow streams`,
    'began',
    'events',
    'delay p50 ms',
    'p99 ms',
    'slowest ms',
    'added p99 ms',
    'µs CPU/event',
    'KiB/stream',
  ];
  const rows = figures.map((each) => [
    each.name,
    String(each.streams),
    String(each.events),
    ...[each.p50, each.p99, each.slowest, each.addedP99].map((ms) => toFixed(ms, 2)),
    toFixed(each.cpu, 0),
    toFixed(each.bytesEach / 1024, 1),
  ]);
  return toTable(head, rows);
}

/** What the figures should be. */
export function toSlowGoals(figures: readonly SlowFigures[]): Goal[] {
  return figures
    .filter(({ name }) => name.startsWith('Paddock'))
    .flatMap(({ name, wanted, streams, bytesEach, addedP99 }) => [
      toGoal(`${wanted} slow streams, ${name}: began`, { figure: streams, atLeast: wanted }),
      toGoal(`${wanted} slow streams, ${name}: KiB/stream`, {
        figure: bytesEach / 1024,
        atMost: MOST_BYTES_EACH / 1024,
      }),
      toGoal(`${wanted} slow streams, ${name}: added p99 ms`, {
        figure: addedP99,
        atMost: MOST_ADDED_MS,
      }),
    ]);
}

async function measure(
  target: Target,
  options: SlowPlan & { alone: SlowLoad | null },
): Promise<SlowFigures> {
  const { dist, streams, slowMs, alone } = options;
  const idle = await readIdle(target, dist);
  const { port, headers, modelPrefix, pids } = target;
  const job: SlowJob = { port, headers, modelPrefix, pids, streams, ms: slowMs };
  const program = join(dist, 'bench/gateway/processes/slow-load.js');
  const load = await runJob<SlowLoad>(program, { job, patienceMs: slowMs + PATIENCE_MS, target });
  return {
    ...load,
    name: target.name,
    wanted: streams,
    bytesEach: ((load.peakBytes ?? Number.NaN) - (idle ?? Number.NaN)) / load.streams,
    addedP99: load.p99 - (alone?.p99 ?? load.p99),
  };
}

function readMostFiles(): number {
  if (process.platform !== 'linux') return Infinity;
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/mu.exec(limits)?.[1] ?? Infinity);
}
