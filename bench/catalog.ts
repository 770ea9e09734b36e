// bench/ measures how fast Paddock answers its catalog, and how fast it builds one. It judges nothing: a goal
// that is missed is printed, and only what fails to run ends with an error. See README.md beside this file.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBuildStage, toBuildGoals } from './build-stage.ts';
import type { Pace } from './compare.ts';
import { describeBuilds, describeGoals, describeLoads, describeMachine } from './report.ts';
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

// The build's root, for this file stands in its folder bench.
const DIST = fileURLToPath(new URL('..', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'paddock-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  await run(process.argv.includes('--quick') ? QUICK : FULL);
} catch (error) {
  console.error(error);
  process.exit(1);
}
process.exit(0);

async function run(plan: Plan): Promise<void> {
  console.log(`${describeMachine()}\n`);
  // First, while nothing else runs.
  const builds = await runBuildStage({ dist: DIST, folder, ...plan });
  console.log(`${describeBuilds(builds)}\n`);
  const servers = await startServers(DIST, folder);
  const comparisons = await runSocketStage(servers, plan);
  await checkUnchanged(servers);
  console.log(`${describeLoads(comparisons)}\n`);
  console.log(describeGoals([...toSocketGoals(comparisons), ...toBuildGoals(builds)]));
}
