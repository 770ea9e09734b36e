import { compareLoads, measureLoad, type Load } from '../load/measure-load.ts';
import { PACE } from '../load/pace.ts';
import type { Goal } from '../shared/goal.ts';
import { readPeak } from '../shared/process-tree.ts';
import type { StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toMebibytes, toTable } from '../shared/table.ts';
import { LARGE_BYTES, toExchange } from './exchanges.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { readIdle, withTargets } from './start-targets.ts';

/** Large bodies through one target. Memory is in bytes; null where the system does not tell. */
interface Row {
  readonly name: string;
  readonly load: Load;
  readonly idle: number | null;
  /** The most memory during the first body, before there was garbage of others. */
  readonly firstPeak: number | null;
}

const SIZE = `${toMebibytes(LARGE_BYTES)} MiB body`;
const BARE = 'bare node:http proxy';
const GATEWAYS = [BARE, 'Paddock on Node', 'Paddock on Bun'] as const;
const MAX_TIMES_BARE = 1.5;
const MAX_MIB_BEYOND_BODY = 32;

/** Sends large bodies through fresh processes: one body, and then one right after the other. */
export async function runLargeStage(): Promise<StageResult> {
  const rows = await withTargets(GATEWAYS, measure);
  return { table: describe(rows), goals: toGoals(rows) };
}

async function measure(targets: readonly GatewayTarget[]): Promise<Row[]> {
  const ready = [];
  for (const target of targets) {
    const idle = await readIdle(target);
    const exchange = toExchange('large', target);
    // A load this short is a single request.
    await measureLoad(target, { exchange, connections: 1, warmUpMs: 0, ms: 1 });
    ready.push({ ...target, exchange, idle, firstPeak: readPeak(target.pids) });
  }
  return compareLoads(ready, { ...PACE, connections: 1 });
}

function describe(rows: readonly Row[]): string {
  const head = [SIZE, 'p50 ms', 'p99 ms', 'ms CPU each', 'idle MiB', 'first +MiB', 'in a row +MiB'];
  return toTable(
    head,
    rows.map(({ name, load, idle, firstPeak }) => [
      name,
      toFixed(load.p50, 1),
      toFixed(load.p99, 1),
      toFixed(load.cpu === null ? null : load.cpu / 1000, 1),
      toFixed(toMebibytes(idle), 0),
      toFixed(toMebibytes(firstPeak) - toMebibytes(idle), 0),
      toFixed(toMebibytes(load.peakBytes) - toMebibytes(idle), 0),
    ]),
  );
}

function toGoals(rows: readonly Row[]): Goal[] {
  const bare = rows.find(({ name }) => name === BARE)?.load.p50 ?? Number.NaN;
  return rows
    .filter(({ name }) => name.startsWith('Paddock'))
    .flatMap(({ name, load, idle, firstPeak }) => [
      {
        title: `${SIZE}: p50, ${name} / bare proxy`,
        figure: load.p50 / bare,
        atMost: MAX_TIMES_BARE,
      },
      {
        title: `${SIZE}: first peak beyond idle, MiB, ${name}`,
        figure: toMebibytes(firstPeak) - toMebibytes(idle),
        atMost: toMebibytes(LARGE_BYTES) + MAX_MIB_BEYOND_BODY,
      },
    ]);
}
