import { toGoal, type Goal } from '../goal.ts';
import { median } from '../median.ts';
import { toTable } from '../table.ts';
import { toFixed } from './figures.ts';
import { measureTarget, type GatewayLoad } from './load-job.ts';
import { startOnBun, startOnNode, startUnwatched, type UpstreamSetup } from './start-targets.ts';
import type { Target } from './target.ts';

const KINDS = ['chat', 'stream'] as const;
const PLATFORMS = ['Node', 'Bun'] as const;

const CONNECTIONS = 32;

/** What watching may cost. */
const MOST = 1.05;

/** What one kind of load costs with and without all that watches, on one runtime. */
interface WatchingFigures {
  readonly platform: (typeof PLATFORMS)[number];
  readonly kind: (typeof KINDS)[number];
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
    for (const kind of KINDS) {
      const measure = (target: Target) =>
        measureTarget(target, { ...setup, kind, connections: CONNECTIONS });
      await measure(pair.watched);
      await measure(pair.unwatched);
      const rounds: WatchingFigures['rounds'][number][] = [];
      for (let round = 0; round < setup.rounds * 2; round += 1) {
        // Now the one first, now the other.
        const early = round % 2 === 0 ? await measure(pair.unwatched) : null;
        const watched = await measure(pair.watched);
        rounds.push({ watched, unwatched: early ?? (await measure(pair.unwatched)) });
      }
      figures.push({ platform, kind, rounds });
    }
    await Promise.all([pair.watched.end(), pair.unwatched.end()]);
  }
  return figures;
}

/** The figures as a table. */
export function describeWatching(figures: readonly WatchingFigures[]): string {
  const head = ['32 connections', 'unwatched/s', 'watched/s', 'unwatched µs CPU', 'watched µs CPU'];
  const rows = figures.map(({ platform, kind, rounds }) => [
    `${platform}, ${kind}`,
    toFixed(median(rounds.map(({ unwatched }) => unwatched.perSecond)), 0),
    toFixed(median(rounds.map(({ watched }) => watched.perSecond)), 0),
    toFixed(median(rounds.map(({ unwatched }) => unwatched.cpu ?? Number.NaN)), 1),
    toFixed(median(rounds.map(({ watched }) => watched.cpu ?? Number.NaN)), 1),
  ]);
  return toTable(head, rows);
}

/** What the figures should be: the median of the rounds' ratios, for the machine's own pace changes between rounds. */
export function toWatchingGoals(figures: readonly WatchingFigures[]): Goal[] {
  return figures.map(({ platform, kind, rounds }) =>
    toGoal(`${kind} on ${platform}: requests/s, unwatched / watched`, {
      figure: median(
        rounds.map(({ watched, unwatched }) => unwatched.perSecond / watched.perSecond),
      ),
      atMost: MOST,
    }),
  );
}
