import { toGoal, type Goal } from '../goal.ts';
import { toTable } from '../table.ts';
import { toFixed, toMebibytes } from './figures.ts';
import { compareTargets, measureTarget, type GatewayLoad, type LoadPlan } from './load-job.ts';
import { PORTKEY } from './portkey.ts';
import { readIdle } from './read-idle.ts';
import type { Target, TargetName } from './target.ts';

/** How many requests are under way at any time. */
const CONNECTIONS = [1, 32, 256] as const;

const WARM_UP_CONNECTIONS = 32;

const KINDS = ['chat', 'stream'] as const;

/** The loads of all targets under one kind of load. */
interface LoadComparison {
  readonly kind: (typeof KINDS)[number];
  readonly connections: number;
  readonly loads: ReadonlyMap<TargetName, GatewayLoad>;
}

/** What the stage found. */
export interface LoadFigures {
  /** What each target held before there was any load, in bytes. */
  readonly idle: ReadonlyMap<TargetName, number | null>;
  readonly comparisons: readonly LoadComparison[];
}

interface Pace extends Pick<LoadPlan, 'dist' | 'warmUpMs' | 'ms'> {
  readonly rounds: number;
}

/** Puts every kind of load on all targets. */
export async function runLoadStage(targets: readonly Target[], pace: Pace): Promise<LoadFigures> {
  const idle = new Map<TargetName, number | null>();
  for (const target of targets) idle.set(target.name, await readIdle(target, pace.dist));
  const comparisons: LoadComparison[] = [];
  for (const kind of KINDS) {
    const able = await pickAble(targets, { ...pace, kind });
    for (const connections of CONNECTIONS) {
      const loads = await compareTargets(able, { ...pace, kind, connections });
      const named = able.flatMap(({ name }, index) => {
        const load = loads[index];
        return load === undefined ? [] : [[name, load] as const];
      });
      comparisons.push({ kind, connections, loads: new Map(named) });
    }
  }
  return { idle, comparisons };
}

/** Warms the targets up, and answers those that can bear a kind of load: all of ours, and others where they do. */
async function pickAble(
  targets: readonly Target[],
  of: Pick<LoadPlan, 'dist' | 'kind' | 'warmUpMs' | 'ms'>,
): Promise<Target[]> {
  const able: Target[] = [];
  for (const target of targets) {
    try {
      await measureTarget(target, { ...of, connections: WARM_UP_CONNECTIONS });
      able.push(target);
    } catch (error) {
      if (target.name !== PORTKEY || !(error instanceof Error)) throw error;
      console.log(`${of.kind}: left out, for ${error.message}\n`);
    }
  }
  return able;
}

/** The loads as a table for each kind. */
export function describeLoads({ idle, comparisons }: LoadFigures): string {
  return KINDS.map((kind) => {
    const unit = kind === 'chat' ? 'requests/s' : 'streams/s';
    const head = [kind, unit, 'p50 ms', 'p99 ms', 'µs CPU each', 'idle MiB', 'peak MiB'];
    const rows = comparisons
      .filter((comparison) => comparison.kind === kind)
      .flatMap(({ connections, loads }) => [
        [`${connections} connection${connections === 1 ? '' : 's'}`],
        ...[...loads].map(([name, load]) => toRow({ name, load, idle: idle.get(name) ?? null })),
      ]);
    return toTable(head, rows);
  }).join('\n\n');
}

function toRow(of: { name: TargetName; load: GatewayLoad; idle: number | null }): string[] {
  const { perSecond, p50, p99, cpu, peakBytes } = of.load;
  return [
    `  ${of.name}`,
    toFixed(perSecond, 0),
    toFixed(p50, 3),
    toFixed(p99, 3),
    toFixed(cpu, 0),
    toFixed(toMebibytes(of.idle), 0),
    toFixed(toMebibytes(peakBytes), 0),
  ];
}

/** What the figures should be. */
export function toLoadGoals({ comparisons }: LoadFigures): Goal[] {
  const find = (kind: string, connections: number) => {
    const found = comparisons.find(
      (each) => each.kind === kind && each.connections === connections,
    );
    return (name: TargetName, figure: 'perSecond' | 'p50') =>
      found?.loads.get(name)?.[figure] ?? Number.NaN;
  };
  const chat = find('chat', 32);
  const stream = find('stream', 32);
  const one = find('chat', 1);
  const toRatio = (of: typeof chat, [name, other]: [TargetName, TargetName]) =>
    of(name, 'perSecond') / of(other, 'perSecond');
  const bare = 'bare node:http proxy';
  const toAdded = (name: TargetName) => one(name, 'p50') - one('upstream alone', 'p50');
  const goals = [
    toGoal('chat, 32 connections: requests/s, Node / Portkey', {
      figure: toRatio(chat, ['Paddock on Node', PORTKEY]),
      atLeast: 10,
    }),
    toGoal('chat, 32 connections: requests/s, Node / bare proxy', {
      figure: toRatio(chat, ['Paddock on Node', bare]),
      atLeast: 1,
    }),
    toGoal('chat, 1 connection: added p50, Node / bare proxy', {
      figure: toAdded('Paddock on Node') / toAdded(bare),
      atMost: 1,
    }),
    toGoal('chat, 32 connections: requests/s, Bun / Portkey', {
      figure: toRatio(chat, ['Paddock on Bun', PORTKEY]),
      atLeast: 20,
    }),
    toGoal('stream, 32 connections: streams/s, Node / bare proxy', {
      figure: toRatio(stream, ['Paddock on Node', bare]),
      atLeast: 1,
    }),
    toGoal('stream, 32 connections: streams/s, Bun / bare proxy', {
      figure: toRatio(stream, ['Paddock on Bun', bare]),
      atLeast: 1,
    }),
  ];
  // Without Portkey there is nothing to compare with.
  return goals.filter(({ figure }) => !Number.isNaN(figure));
}
