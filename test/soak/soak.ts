// Puts mixed traffic on Paddock while upstreams fail, and checks every answer. It exits with 1 if anything is not sound.
// README.md explains the report.

import { writeFileSync } from 'node:fs';
import { describeMachine } from '../../bench/shared/describe-machine.ts';
import { makeTemporaryFolder } from '../../bench/shared/paths.ts';
import { readOptions } from './read-options.ts';
import { describe, toFigures } from './report.ts';
import { runSoak } from './run-soak.ts';

/** How long everything besides the traffic may take. */
const OVERHEAD_MS = 240_000;

const options = readOptions(process.argv.slice(2));
if ('fault' in options) {
  console.error(options.fault);
  process.exit(2);
}
const { json, ...plan } = options;
console.log(`${describeMachine()}\n`);
setTimeout(
  () => {
    console.error('The soak did not finish in time');
    process.exit(1);
  },
  plan.seconds * 1000 + OVERHEAD_MS,
).unref();
const soak = runSoak({ ...plan, folder: makeTemporaryFolder() });
const report = await soak.catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
console.log(describe(report));
if (json !== null) writeFileSync(json, `${JSON.stringify(toFigures(report), null, 2)}\n`);
process.exit(report.faults.length === 0 ? 0 : 1);
