import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './report.ts';

/** The build's root: whatever is built stands one folder below. */
export const DIST = fileURLToPath(new URL('..', import.meta.url));

/** Runs a benchmark as `--quick` says, with a temporary folder, and ends the process; what fails to run is an error. */
export async function runBenchmark<Plan>(
  plans: { readonly full: Plan; readonly quick: Plan },
  run: (plan: Plan, folder: string) => Promise<void>,
): Promise<never> {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    console.log(`${describeMachine()}\n`);
    await run(process.argv.includes('--quick') ? plans.quick : plans.full, folder);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  process.exit(0);
}
