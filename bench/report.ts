import { cpus } from 'node:os';
import type { BuildFigures } from './build-figures.ts';
import { perThousand } from './build-stage.ts';
import type { Goal } from './goal.ts';
import { CONNECTIONS, type Load } from './load.ts';
import { HANGING, PROVIDERS } from './servers.ts';
import type { Comparison } from './socket-stage.ts';
import { toTable } from './table.ts';

/** What the figures were taken on. */
export function describeMachine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'unknown processor';
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${model}, ${cores.length} cores`;
}

/** The loads over sockets. */
export function describeLoads(comparisons: readonly Comparison[]): string {
  const head = [
    `${CONNECTIONS} connections`,
    'requests/s',
    'p50 ms',
    'p99 ms',
    'slowest ms',
    'server µs/request',
  ];
  const rows = comparisons.flatMap(({ title, paddock, bare, hanging }) => [
    [title],
    toRow('  bare Hono handler', bare),
    toRow('  Paddock', paddock),
    toRow(`  Paddock, ${HANGING} of ${PROVIDERS} hanging`, hanging),
  ]);
  return toTable(head, rows);
}

/** The building of catalogs in memory. */
export function describeBuilds(figures: readonly BuildFigures[]): string {
  const head = [
    'providers',
    'models',
    'merge ms',
    'merge + render ms',
    'per 1,000 models',
    'with encoding and hash ms',
    'heap KiB per 1,000',
  ];
  const rows = figures.map((each) => [
    String(each.providers),
    String(each.models),
    each.mergeMs.toFixed(2),
    each.buildMs.toFixed(2),
    perThousand(each, each.buildMs).toFixed(2),
    each.documentMs.toFixed(2),
    (perThousand(each, each.heapBytes) / 1024).toFixed(0),
  ]);
  return toTable(head, rows);
}

/** The goals, and whether they held. */
export function describeGoals(goals: readonly Goal[]): string {
  const rows = goals.map(({ title, figure, wanted, held }) => [
    title,
    figure.toFixed(2),
    wanted,
    held ? 'held' : 'missed',
  ]);
  return toTable(['goal', 'figure', 'wanted', ''], rows);
}

function toRow(name: string, { perSecond, p50, p99, slowest, cpu }: Load): string[] {
  const figures = [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2), slowest.toFixed(0)];
  return [name, ...figures, cpu === null ? '?' : cpu.toFixed(0)];
}
