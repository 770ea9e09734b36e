// bench/soak/ puts mixed traffic on Paddock while hosts fail, and verifies every answer. It judges: what is not sound
// ends with an error. See README.md beside this file.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './report.ts';
import { DIST } from './run-benchmark.ts';
import { readOptions } from './soak/read-options.ts';
import { describe, toFigures } from './soak/report.ts';
import { runSoak } from './soak/run-soak.ts';

/** How long all that stands around the traffic may take at most, in milliseconds. */
const MOST_BESIDE_MS = 240_000;

const options = readOptions(process.argv.slice(2));
if ('fault' in options) {
  console.error(options.fault);
  process.exit(2);
}
const { json, ...plan } = options;
const folder = mkdtempSync(join(tmpdir(), 'paddock-soak-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
console.log(`${describeMachine()}\n`);
setTimeout(
  () => {
    console.error('The soak did not come to an end');
    process.exit(1);
  },
  plan.seconds * 1000 + MOST_BESIDE_MS,
).unref();
const report = await runSoak({ ...plan, root: join(DIST, '..'), folder }).catch(
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
console.log(describe(report));
if (json !== null) writeFileSync(json, `${JSON.stringify(toFigures(report), null, 2)}\n`);
process.exit(report.faults.length === 0 ? 0 : 1);
