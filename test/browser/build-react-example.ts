import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../runtimes/runtimes.ts';

const EXAMPLE = join(ROOT, 'examples/react');
const INSTALL_TIMEOUT_MS = 120_000;
const BUILD_TIMEOUT_MS = 60_000;

/**
 * Builds a copy of the React example in a folder, as its README describes. Returns the folder of the built page. The
 * packages come from npm's cache, otherwise from npm's registry.
 * @throws if neither has the packages, or if the build fails
 */
export async function buildReactExample(folder: string): Promise<string> {
  const isExcluded = /^(?:node_modules|dist)$/u;
  cpSync(EXAMPLE, folder, {
    recursive: true,
    filter: (source) => !isExcluded.test(relative(EXAMPLE, source)),
  });
  const install = ['ci', '--prefer-offline', '--no-audit', '--no-fund'];
  await run(install, { cwd: folder, timeout: INSTALL_TIMEOUT_MS }).catch((cause: unknown) => {
    const message = `"npm ci" failed for examples/react. It needs npm's cache or registry.`;
    throw new Error(`${message}\n${toOutput(cause)}`, { cause });
  });
  await run(['run', 'build'], { cwd: folder, timeout: BUILD_TIMEOUT_MS }).catch(
    (cause: unknown) => {
      throw new Error(`examples/react does not build\n${toOutput(cause)}`, { cause });
    },
  );
  return join(folder, 'dist');
}

function run(args: readonly string[], options: { cwd: string; timeout: number }): Promise<unknown> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, npm_config_update_notifier: 'false' };
  return promisify(execFile)('npm', args, { ...options, env, killSignal: 'SIGKILL' });
}

function toOutput(cause: unknown): string {
  const { stdout = '', stderr = '' } = Object(cause) as { stdout?: string; stderr?: string };
  return `${stdout}${stderr}`.trim();
}
