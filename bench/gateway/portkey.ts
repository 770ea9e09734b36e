import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { TargetName } from './target.ts';

/** What Portkey's gateway is called in the report. */
export const PORTKEY = 'Portkey' satisfies TargetName;

const PACKAGE = '@portkey-ai/gateway@1.15.2';
const FETCH_MS = 120_000;

/**
 * Has npm fetch the package into its own cache, unless it is there, and answers the file that its command runs.
 * @returns null where it cannot be fetched
 */
export async function fetchPortkey(folder: string): Promise<string | null> {
  const args = ['--yes', '-p', PACKAGE, '--', 'node', '-p', 'process.env.PATH'];
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  process.once('exit', leave);
  try {
    // Away from this package, so that nothing is put into it.
    const options = { cwd: folder, timeout: FETCH_MS, signal: leaving.signal };
    const { stdout } = await promisify(execFile)('npx', args, options);
    return realpathSync(join(stdout.split(delimiter)[0] ?? '', 'gateway'));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    console.log(`Portkey's gateway is left out, for it could not be fetched: ${reason}\n`);
    return null;
  } finally {
    process.off('exit', leave);
  }
}
