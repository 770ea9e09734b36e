import { join } from 'node:path';
import { startChild } from '../shared/child.ts';
import { TOOLS } from '../shared/paths.ts';
import { IS_QUICK, type StageResult } from '../shared/run-benchmark.ts';
import { toFixed, toTable } from '../shared/table.ts';
import type { BuildFigures } from './measure-build.ts';

const SIZES = IS_QUICK ? [20, 50] : [20, 50, 100, 200];
const RUNS = IS_QUICK ? 3 : 15;
const TIMEOUT_MS = 60_000;
const MAX_MS = 50;
const MAX_GROWTH = 1.5;

/** Builds catalogs of several sizes in memory, in a process whose heap holds nothing else. */
export async function runBuildStage(): Promise<StageResult> {
  const program = join(TOOLS, 'catalog-build.js');
  const args = ['--expose-gc', program, ...[RUNS, ...SIZES].map(String)];
  const child = await startChild({ args, timeoutMs: TIMEOUT_MS });
  await child.end();
  const rows = JSON.parse(child.firstLine) as BuildFigures[];
  return { table: describe(rows), goals: toGoals(rows) };
}

function describe(rows: readonly BuildFigures[]): string {
  const head = ['providers', 'models', 'merge ms', 'merge + render ms', 'with encoding + hash ms'];
  return toTable(
    [...head, 'heap KiB per 1,000 models'],
    rows.map((row) => [
      String(row.providers),
      String(row.models),
      ...[row.mergeMs, row.buildMs, row.documentMs].map((ms) => toFixed(ms, 2)),
      toFixed((row.heapBytes * 1000) / row.models / 1024, 0),
    ]),
  );
}

function toGoals(rows: readonly BuildFigures[]) {
  const [smallest, largest] = [rows[0], rows.at(-1)];
  if (smallest === undefined || largest === undefined) return [];
  const each = ({ buildMs, models }: BuildFigures) => buildMs / models;
  const title = `merge + render, ${largest.models} models`;
  return [
    { title: `${title}: ms`, figure: largest.buildMs, atMost: MAX_MS },
    {
      title: `${title}: ms per model / with ${smallest.models}`,
      figure: each(largest) / each(smallest),
      atMost: MAX_GROWTH,
    },
  ];
}
