// Runs all that is there to harm Paddock, and prints what was tried and what came of it, as README.md shows it. It judges:
// whatever was not survived ends it with an error.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST } from './run-benchmark.ts';
import { countTrials, type TestReport } from './trust/count-trials.ts';
import { describeTrust } from './trust/describe-trust.ts';
import type { SoakFigures } from './soak/report.ts';

const ROOT = join(DIST, '..');
const isQuick = process.argv.includes('--quick');
/** How often each property is tried beyond what every test run does, and how long the soak takes, in seconds. */
const FUZZ_RUNS = isQuick ? '1' : '20';
const SOAK_SECONDS = isQuick ? '60' : '600';

const folder = mkdtempSync(join(tmpdir(), 'paddock-trust-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const report = ['--reporter', 'default', '--reporter', 'json'];
const projects = ['--project', 'core', '--project', 'faults'];
const tests = await run('tests.json', [
  join(ROOT, 'node_modules/vitest/vitest.mjs'),
  'run',
  ...projects,
  ...report,
  `--outputFile.json=${join(folder, 'tests.json')}`,
  // Twenty times the inputs take longer than any test is given elsewhere.
  '--testTimeout=600000',
  // All of a project but what harms nothing is left out.
  'test/faults/',
  'test/trust/',
  'property',
]);
const soak = await run('soak.json', [
  join(DIST, 'bench/soak.js'),
  '--seconds',
  SOAK_SECONDS,
  '--json',
  join(folder, 'soak.json'),
]);
const trials = countTrials(read<TestReport>('tests.json'));
console.log(`\n${describeTrust(trials, read<SoakFigures>('soak.json'))}`);
process.exit(tests === 0 && soak === 0 ? 0 : 1);

async function run(output: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // In CI what is missing fails, and is not skipped.
    env: { ...process.env, CI: 'true', FUZZ_RUNS },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === null) throw new Error(`What was to write ${output} was ended from outside`);
  return code;
}

function read<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Shape;
}
