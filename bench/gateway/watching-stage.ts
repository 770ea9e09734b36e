import { toGoal, type Goal } from '../goal.ts';
import { median } from '../median.ts';
import { toTable } from '../table.ts';
import { toFixed } from './figures.ts';
import { measureTarget, type GatewayLoad } from './load-job.ts';
import { startOnBun, startOnNode, startUnwatched, type UpstreamSetup } from './start-targets.ts';
import type { Target } from './target.ts';

const PLATFORMS = ['Node', 'Bun'] as const;

/** One request at a time shows what a client waits longer; many at a time, what the machine does less. */
const LOADS = [
  { kind: 'chat', connections: 1, figure: 'p50' },
  { kind: 'chat', connections: 32, figure: 'perSecond' },
  { kind: 'stream', connections: 32, figure: 'perSecond' },
] as const;

/** What watching may cost. */
const MOST = 1.05;

/** What one kind of load costs with and without all that watches and guards, on one runtime. */
interface WatchingFigures {
  readonly platform: (typeof PLATFORMS)[number];
  readonly load: (typeof LOADS)[number];
  /** Each round's two loads, measured one right after the other. */
  readonly rounds: readonly { readonly watched: GatewayLoad; readonly unwatched: GatewayLoad }[];
}

/** Measures Paddock as its users start it, and its gateway with nothing around it, in turn. */
export async function runWatchingStage(
  setup: UpstreamSetup & { rounds: number; warmUpMs: number; ms: number },
): Promise<WatchingFigures[]> {
  const figures: WatchingFigures[] = [];
  for (const platform of PLATFORMS) {
    const start = platform === 'Node' ? startOnNode : startOnBun;
    const pair = { watched: await start(setup), unwatched: await startUnwatched(setup, platform) };
    for (const load of LOADS) {
      const measure = (target: Target) => measureTarget(target, { ...setup, ...load });
      await measure(pair.watched);
      await measure(pair.unwatched);
      const rounds: WatchingFigures['rounds'][number][] = [];
      for (let round = 0; round < setup.rounds * 2; round += 1) {
        // Now the one first, now the other.
        const early = round % 2 === 0 ? await measure(pair.unwatched) : null;
        const watched = await measure(pair.watched);
        rounds.push({ watched, unwatched: early ?? (await measure(pair.unwatched)) });
      }
      figures.push({ platform, load, rounds });
    }
    await Promise.all([pair.watched.end(), pair.unwatched.end()]);
  }
  return figures;
}

/** The figures as a table. */
export function describeWatching(figures: readonly WatchingFigures[]): string {
  const head = ['', 'unwatched', 'watched', 'unwatched µs CPU each', 'watched µs CPU each'];
  const rows = figures.map(({ platform, load, rounds }) => {
    const pick = (toFigure: (load: GatewayLoad) => number, digits: number) =>
      (['unwatched', 'watched'] as const).map((name) =>
        toFixed(median(rounds.map((round) => toFigure(round[name]))), digits),
      );
    return [
      toTitle(platform, load),
      ...pick((measured) => measured[load.figure], load.figure === 'p50' ? 3 : 0),
      ...pick(({ cpu }) => cpu ?? Number.NaN, 1),
    ];
  });
  return toTable(head, rows);
}

/** What the figures should be: the median of the rounds' ratios, for the machine's own pace changes between rounds. */
export function toWatchingGoals(figures: readonly WatchingFigures[]): Goal[] {
  return figures.map(({ platform, load, rounds }) => {
    const ratios = rounds.map(({ watched, unwatched }) =>
      load.figure === 'p50' ? watched.p50 / unwatched.p50 : unwatched.perSecond / watched.perSecond,
    );
    return toGoal(`${toTitle(platform, load)}: what it costs to be watched, as a factor`, {
      figure: median(ratios),
      atMost: MOST,
    });
  });
}

function toTitle(platform: string, { kind, connections, figure }: WatchingFigures['load']): string {
  const unit = figure === 'p50' ? 'p50 ms' : `${kind}s/s`;
  return `${platform}, ${kind}, ${connections} at a time: ${unit}`;
}
