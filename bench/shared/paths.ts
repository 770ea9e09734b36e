import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root. This file and the tools built from it both stand two folders below. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The build of the product. */
export const DIST = join(ROOT, 'dist');

/** The build of the tools. */
export const TOOLS = join(DIST, 'tools');

/** Bun, as the package installs it. */
export const BUN = join(ROOT, 'node_modules/.bin/bun');

/** Makes a temporary folder. It is removed when this process exits. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-tool-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
