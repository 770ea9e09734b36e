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
  const loads = targets.map((): Load[] => []);
  for (let round = 0; round < pace.rounds; round += 1) {
    // There and back again, so that a machine that grows slower is not one target's fault.
    const order = [...targets.entries()];
    for (const [index, target] of round % 2 === 0 ? order : order.toReversed()) {
      loads[index]?.push(await measureLoad(target, pace.seconds));
    }
  }
  return loads.map(toMedians);
}

function toMedians(loads: readonly Load[]): Load {
  const cpus = loads.flatMap(({ cpu }) => cpu ?? []);
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p50: median(loads.map(({ p50 }) => p50)),
    p99: median(loads.map(({ p99 }) => p99)),
    slowest: median(loads.map(({ slowest }) => slowest)),
    cpu: cpus.length === 0 ? null : median(cpus),
  };
}
