// bench/gateway/ measures what it costs to pass requests on, beside other ways of doing so. It judges nothing: a goal
// that is missed is printed, and only what fails to run ends with an error. See README.md beside this file.

import { join } from 'node:path';
import { describeLarge, runLargeStage, toLargeGoals } from './gateway/large-stage.ts';
import { describeLoads, runLoadStage, toLoadGoals } from './gateway/load-stage.ts';
import { describeRouting, runRoutingStage, toRoutingGoals } from './gateway/routing-stage.ts';
import { describeSlow, runSlowStage, toSlowGoals } from './gateway/slow-stage.ts';
import {
  startBareProxy,
  startInWorkerd,
  startOnBun,
  startOnNode,
  startPortkey,
  startUpstream,
  type UpstreamSetup,
} from './gateway/start-targets.ts';
import { describeWatching, runWatchingStage, toWatchingGoals } from './gateway/watching-stage.ts';
import type { Goal } from './goal.ts';
import { describeGoals } from './report.ts';
import { DIST, runBenchmark } from './run-benchmark.ts';

/** How long each stage takes; times are in milliseconds. */
interface Plan {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly ms: number;
  readonly largeMs: number;
  readonly streams: number;
  readonly slowMs: number;
  readonly runs: number;
}

const FULL: Plan = {
  rounds: 4,
  warmUpMs: 500,
  ms: 2000,
  largeMs: 3000,
  streams: 1000,
  slowMs: 8000,
  runs: 60,
};
const QUICK: Plan = {
  rounds: 1,
  warmUpMs: 100,
  ms: 250,
  largeMs: 500,
  streams: 100,
  slowMs: 500,
  runs: 10,
};

const ROOT = join(DIST, '..');

await runBenchmark({ full: FULL, quick: QUICK }, run);

async function run(plan: Plan, folder: string): Promise<void> {
  const setup = { root: ROOT, dist: DIST, folder };
  const goals: Goal[] = [];
  const tell = (table: string, found: readonly Goal[]) => {
    console.log(`${table}\n`);
    goals.push(...found);
  };
  // First, while nothing else runs.
  if (isWanted('routing')) {
    const figures = await runRoutingStage({ ...setup, ...plan });
    tell(describeRouting(figures), toRoutingGoals(figures));
  }
  const before = { ...setup, ...plan, upstream: await startUpstream(setup) };
  if (isWanted('load')) {
    const figures = await measureLoads(before, plan);
    tell(describeLoads(figures), toLoadGoals(figures));
  }
  if (isWanted('watching')) {
    const figures = await runWatchingStage(before);
    tell(describeWatching(figures), toWatchingGoals(figures));
  }
  if (isWanted('large')) {
    const figures = await runLargeStage(before);
    tell(describeLarge(figures), toLargeGoals(figures));
  }
  if (isWanted('slow')) {
    const figures = await runSlowStage(before);
    tell(describeSlow(figures), toSlowGoals(figures));
  }
  console.log(describeGoals(goals));
}

/** Whether a stage is to run: all do, unless some are named, as in `--only=large,slow`. */
function isWanted(stage: 'routing' | 'load' | 'watching' | 'large' | 'slow'): boolean {
  const only = process.argv.find((argument) => argument.startsWith('--only='));
  return only === undefined || only.slice('--only='.length).split(',').includes(stage);
}

async function measureLoads(setup: UpstreamSetup, plan: Plan) {
  const portkey = await startPortkey(setup);
  const targets = [
    setup.upstream,
    await startBareProxy(setup),
    ...(portkey === null ? [] : [portkey]),
    await startOnNode(setup),
    await startOnBun(setup),
    await startInWorkerd(setup),
  ];
  const { rounds, warmUpMs, ms } = plan;
  const figures = await runLoadStage(targets, { dist: DIST, rounds, warmUpMs, ms });
  await Promise.all(targets.slice(1).map((target) => target.end()));
  return figures;
}
