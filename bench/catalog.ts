// bench/ measures how fast Paddock answers its catalog, and how fast it builds one. It judges nothing: a goal
// that is missed is printed, and only what fails to run ends with an error. See README.md beside this file.

import { runBuildStage, toBuildGoals } from './build-stage.ts';
import type { Pace } from './compare.ts';
import { describeBuilds, describeGoals, describeLoads } from './report.ts';
import { DIST, runBenchmark } from './run-benchmark.ts';
import { checkUnchanged, startServers } from './servers.ts';
import { runSocketStage, toSocketGoals } from './socket-stage.ts';

interface Plan extends Pace {
  readonly runs: number;
  readonly sizes: readonly number[];
}

const FULL: Plan = {
  rounds: 4,
  warmUpSeconds: 1,
  seconds: 5,
  runs: 15,
  sizes: [20, 50, 100, 200],
};
const QUICK: Plan = { rounds: 1, warmUpSeconds: 0.4, seconds: 0.5, runs: 3, sizes: [20, 50] };

await runBenchmark({ full: FULL, quick: QUICK }, run);

async function run(plan: Plan, folder: string): Promise<void> {
  // First, while nothing else runs.
  const builds = await runBuildStage({ dist: DIST, folder, ...plan });
  console.log(`${describeBuilds(builds)}\n`);
  const servers = await startServers(DIST, folder);
  const comparisons = await runSocketStage(servers, plan);
  await checkUnchanged(servers);
  console.log(`${describeLoads(comparisons)}\n`);
  console.log(describeGoals([...toSocketGoals(comparisons), ...toBuildGoals(builds)]));
}
