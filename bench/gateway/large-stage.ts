import { toGoal, type Goal } from '../goal.ts';
import { toTable } from '../table.ts';
import { LARGE_BYTES } from './exchanges.ts';
import { toFixed, toMebibytes } from './figures.ts';
import { compareTargets, measureTarget, type GatewayLoad } from './load-job.ts';
import { readPeak } from './process-tree.ts';
import { readIdle } from './read-idle.ts';
import { startBareProxy, startOnBun, startOnNode, type UpstreamSetup } from './start-targets.ts';
import type { TargetName } from './target.ts';

/** Large bodies through one target. */
export interface LargeFigures {
  readonly name: TargetName;
  readonly load: GatewayLoad;
  /** What the target held before, in bytes; null where the system does not tell. */
  readonly idle: number | null;
  /** The most that it held during the first body, before there was any garbage of others. */
  readonly firstPeak: number | null;
}

const SIZE = `${toMebibytes(LARGE_BYTES)} MiB body`;
const BARE = 'bare node:http proxy' satisfies TargetName;
const MOST_TIMES_BARE = 1.5;
const MOST_BEYOND_BODY = 32;

/** Sends large bodies through fresh targets: one, and then one right after the other. */
export async function runLargeStage(
  setup: UpstreamSetup & { rounds: number; largeMs: number },
): Promise<LargeFigures[]> {
  const { dist, rounds, largeMs } = setup;
  const targets = [await startBareProxy(setup), await startOnNode(setup), await startOnBun(setup)];
  const before: Pick<LargeFigures, 'idle' | 'firstPeak'>[] = [];
  for (const target of targets) {
    const idle = await readIdle(target, dist);
    // So short a load is the one request that is under way when it ends.
    await measureTarget(target, { dist, kind: 'large', connections: 1, warmUpMs: 0, ms: 1 });
    before.push({ idle, firstPeak: readPeak(target.pids) });
  }
  const loads = await compareTargets([setup.upstream, ...targets], {
    dist,
    rounds,
    kind: 'large',
    connections: 1,
    warmUpMs: largeMs / 10,
    ms: largeMs,
  });
  await Promise.all(targets.map((target) => target.end()));
  return [setup.upstream, ...targets].flatMap(({ name }, index) => {
    const load = loads[index];
    const { idle, firstPeak } = before[index - 1] ?? { idle: null, firstPeak: null };
    return load === undefined ? [] : [{ name, load, idle, firstPeak }];
  });
}

/** The large bodies as a table. */
export function describeLarge(figures: readonly LargeFigures[]): string {
  const head = [SIZE, 'p50 ms', 'p99 ms', 'ms CPU each', 'idle MiB', 'first +MiB', 'in a row +MiB'];
  const rows = figures.map(({ name, load, idle, firstPeak }) => [
    name,
    toFixed(load.p50, 1),
    toFixed(load.p99, 1),
    toFixed(load.cpu === null ? null : load.cpu / 1000, 1),
    toFixed(toMebibytes(idle), 0),
    toFixed(toMebibytes(firstPeak) - toMebibytes(idle), 0),
    toFixed(toMebibytes(load.peakBytes) - toMebibytes(idle), 0),
  ]);
  return toTable(head, rows);
}

/** What the figures should be. */
export function toLargeGoals(figures: readonly LargeFigures[]): Goal[] {
  const bare = figures.find(({ name }) => name === BARE)?.load.p50 ?? Number.NaN;
  return figures
    .filter(({ name }) => name.startsWith('Paddock'))
    .flatMap(({ name, load, idle, firstPeak }) => [
      toGoal(`${SIZE}: p50, ${name} / bare proxy`, {
        figure: load.p50 / bare,
        atMost: MOST_TIMES_BARE,
      }),
      toGoal(`${SIZE}: peak MiB beyond idle, ${name}`, {
        figure: toMebibytes(firstPeak) - toMebibytes(idle),
        atMost: toMebibytes(LARGE_BYTES) + MOST_BEYOND_BODY,
      }),
    ]);
}
