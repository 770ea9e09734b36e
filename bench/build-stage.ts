import { join } from 'node:path';
import type { BuildFigures } from './build-figures.ts';
import { startChild } from './child.ts';
import { toGoal, type Goal } from './goal.ts';

/** How long the largest herd's catalog may take, in milliseconds. */
const MOST_MS = 50;

/** Builds catalogs in a process of its own, where nothing else is on the heap. */
export async function runBuildStage(options: {
  dist: string;
  folder: string;
  runs: number;
  sizes: readonly number[];
}): Promise<BuildFigures[]> {
  const { dist, folder, runs, sizes } = options;
  const args = ['--expose-gc', join(dist, 'bench/build.js'), ...[runs, ...sizes].map(String)];
  const child = await startChild({ args, cwd: folder, patienceMs: 60_000 });
  await child.end();
  return JSON.parse(child.firstLine) as BuildFigures[];
}

/** What the figures should be. */
export function toBuildGoals(figures: readonly BuildFigures[]): Goal[] {
  const smallest = figures[0];
  const largest = figures.at(-1);
  if (smallest === undefined || largest === undefined) return [];
  const growth = perThousand(largest, largest.buildMs) / perThousand(smallest, smallest.buildMs);
  return [
    toGoal(`Merge and render, ${largest.models} models: ms`, {
      figure: largest.buildMs,
      atMost: MOST_MS,
    }),
    toGoal(`Merge and render, ms per model, ${largest.models} / ${smallest.models}`, {
      figure: growth,
      atMost: 1.5,
    }),
  ];
}

/** A figure of a herd, for each 1,000 models that it has. */
export function perThousand({ models }: BuildFigures, figure: number): number {
  return (figure * 1000) / models;
}
