import { readFileSync } from 'node:fs';
import { runJob } from '../load/run-job.ts';
import type { Goal } from '../shared/goal.ts';
import { IS_QUICK, type StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toMebibytes, toTable } from '../shared/table.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { ALONE, readIdle, withTargets } from './start-targets.ts';

/** The job of `slow-load`. */
export interface SlowJob extends GatewayTarget {
  readonly streams: number;
  readonly ms: number;
}

/** The result of `slow-load`. */
export interface SlowLoad {
  /** How many streams began. */
  readonly streams: number;
  readonly events: number;
  /** The time from the upstream's write to the client's read, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the target for each event, in microseconds; null where the system does not tell. */
  readonly cpu: number | null;
  /** The most memory that the target held, in bytes; null where the system does not tell. */
  readonly peakBytes: number | null;
}

interface Row extends SlowLoad {
  readonly name: string;
  readonly kibEach: number;
  /** The p99 beyond that of the upstream alone, in milliseconds. */
  readonly addedP99: number;
}

const MS = IS_QUICK ? 500 : 8000;
/** Files that a process needs besides its streams, which take two each. */
const SPARE_FILES = 200;
const STREAMS = Math.min(IS_QUICK ? 100 : 1000, Math.floor((readMaxFiles() - SPARE_FILES) / 2));
const TIMEOUT_MS = 40_000;
const MAX_KIB_EACH = 64;
const MAX_ADDED_MS = 10;

/** Opens many slow streams through one fresh process after the other. */
export async function runSlowStage(): Promise<StageResult> {
  const gateways = ['bare node:http proxy', 'Paddock on Node', 'Paddock on Bun'] as const;
  const rows = await withTargets(gateways, measure);
  return { table: describe(rows), goals: toGoals(rows) };
}

async function measure(targets: readonly GatewayTarget[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const target of targets) {
    const idle = await readIdle(target);
    const job: SlowJob = { ...target, streams: STREAMS, ms: MS };
    const load = await runJob<SlowLoad>('slow-load.js', { job, timeoutMs: MS + TIMEOUT_MS });
    const mebibytes = toMebibytes(load.peakBytes) - toMebibytes(idle);
    const alone = rows.find(({ name }) => name === ALONE) ?? load;
    const addedP99 = load.p99 - alone.p99;
    rows.push({ ...load, name: target.name, kibEach: (mebibytes * 1024) / load.streams, addedP99 });
  }
  return rows;
}

function describe(rows: readonly Row[]): string {
  const head = [`${STREAMS} slow streams`, 'began', 'events', 'p50 ms', 'p99 ms', 'added p99 ms'];
  return toTable(
    [...head, 'µs CPU/event', 'KiB/stream'],
    rows.map(({ name, streams, events, p50, p99, addedP99, cpu, kibEach }) => [
      name,
      String(streams),
      String(events),
      ...[p50, p99, addedP99].map((ms) => toFixed(ms, 2)),
      toFixed(cpu, 0),
      toFixed(kibEach, 1),
    ]),
  );
}

function toGoals(rows: readonly Row[]): Goal[] {
  return rows
    .filter(({ name }) => name.startsWith('Paddock'))
    .flatMap(({ name, streams, kibEach, addedP99 }) => [
      { title: `slow streams that began, ${name}`, figure: streams, atLeast: STREAMS },
      { title: `slow streams, KiB each, ${name}`, figure: kibEach, atMost: MAX_KIB_EACH },
      { title: `slow streams, added p99 ms, ${name}`, figure: addedP99, atMost: MAX_ADDED_MS },
    ]);
}

function readMaxFiles(): number {
  if (process.platform !== 'linux') return Infinity;
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/mu.exec(limits)?.[1] ?? Infinity);
}
