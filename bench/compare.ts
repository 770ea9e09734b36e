import { measureLoad, type Load, type Target } from './load.ts';
import { median } from './median.ts';

/** How long a comparison takes. */
export interface Pace {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** Puts load on targets in turn, round after round, and answers the medians of each target. */
export async function compare(targets: readonly Target[], pace: Pace): Promise<Load[]> {
  for (const target of targets) await measureLoad(target, pace.warmUpSeconds);
  const { rounds, seconds } = pace;
  const measure = (target: Target) => measureLoad(target, seconds);
  return (await interleave(targets, { rounds, measure })).map(toMedians);
}

/** Measures things in turn, round after round, and answers the results of each. */
export async function interleave<Thing, Result>(
  things: readonly Thing[],
  options: { rounds: number; measure: (thing: Thing) => Promise<Result> },
): Promise<Result[][]> {
  const results = things.map((): Result[] => []);
  for (let round = 0; round < options.rounds; round += 1) {
    // There and back again, so that a machine that grows slower is not one target's fault.
    const order = [...things.entries()];
    for (const [index, thing] of round % 2 === 0 ? order : order.toReversed()) {
      results[index]?.push(await options.measure(thing));
    }
  }
  return results;
}

/** The median of each figure. */
export function toMedians(loads: readonly Load[]): Load {
  const cpus = loads.flatMap(({ cpu }) => cpu ?? []);
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p50: median(loads.map(({ p50 }) => p50)),
    p99: median(loads.map(({ p99 }) => p99)),
    slowest: median(loads.map(({ slowest }) => slowest)),
    cpu: cpus.length === 0 ? null : median(cpus),
  };
}
