import { join } from 'node:path';
import { startChild } from '../child.ts';
import { toGoal, type Goal } from '../goal.ts';
import { toTable } from '../table.ts';
import { toFixed } from './figures.ts';
import type { RoutingFigures } from './routing-figures.ts';
import type { Setup } from './start-targets.ts';

const SIZES = [1, 20, 200];
const MOST_MICROSECONDS = 10;
const FLAT = 1.5;

/** Measures routing in a process of its own, with no socket in sight. */
export async function runRoutingStage(setup: Setup & { runs: number }): Promise<RoutingFigures[]> {
  const { dist, folder, runs } = setup;
  const program = join(dist, 'bench/gateway/processes/routing.js');
  const args = [program, ...[runs, ...SIZES].map(String)];
  const child = await startChild({ args, cwd: folder, patienceMs: 60_000 });
  await child.ended;
  return JSON.parse(child.firstLine) as RoutingFigures[];
}

/** The figures as a table. */
export function describeRouting(figures: readonly RoutingFigures[]): string {
  const rows = figures.map(({ providers, bodyBytes, microseconds }) => [
    String(providers),
    String(bodyBytes),
    toFixed(microseconds, 2),
  ]);
  return toTable(['providers', 'body bytes', 'µs per request'], rows);
}

/** What the figures should be. */
export function toRoutingGoals(figures: readonly RoutingFigures[]): Goal[] {
  const times = figures.map(({ microseconds }) => microseconds);
  const largest = figures.at(-1);
  return [
    toGoal('routing: µs per request, the slowest', {
      figure: Math.max(...times),
      atMost: MOST_MICROSECONDS,
    }),
    toGoal(`routing: µs per request, ${largest?.providers} providers / 1`, {
      figure: (times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN),
      atMost: FLAT,
    }),
  ];
}
