// Installs real clients once, into node_modules/.cache: they are too large to be dependencies.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../runtimes/runtimes.ts';

const CACHE = join(ROOT, 'node_modules/.cache');
const PATIENCE_MS = 900_000;

const run = promisify(execFile);

/** Installs a package of npm, without its scripts. Returns the folder with its `node_modules`. */
export function installFromNpm(name: string, version: string): Promise<string> {
  return installOnce(`${name.replaceAll('/', '-')}-${version}`, async (folder) => {
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', '--prefix', folder, ...flags, `${name}@${version}`], {
      cwd: folder,
      timeout: PATIENCE_MS,
    });
  });
}

/** Installs a package of PyPI with its own Python. Returns the folder of its programs. */
export async function installFromPypi(name: string, version: string): Promise<string> {
  const place = join(CACHE, `${name}-${version}`);
  const bin = join(place, 'bin');
  // Its programs contain the path, so it cannot be moved when it is complete. The marker is written last.
  const marker = join(place, 'complete');
  if (existsSync(marker)) return bin;
  rmSync(place, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', place], { timeout: PATIENCE_MS });
  const flags = ['install', '--quiet', '--disable-pip-version-check'];
  await run(join(bin, 'pip'), [...flags, `${name}==${version}`], { timeout: PATIENCE_MS });
  mkdirSync(marker);
  return bin;
}

/** Prepares a folder aside and moves it into place when it is complete, so that no run finds a part of it. */
async function installOnce(
  name: string,
  prepare: (folder: string) => Promise<void>,
): Promise<string> {
  const place = join(CACHE, name);
  if (existsSync(place)) return place;
  mkdirSync(CACHE, { recursive: true });
  const aside = mkdtempSync(`${place}-`);
  await prepare(aside);
  rmSync(place, { recursive: true, force: true });
  renameSync(aside, place);
  return place;
}
