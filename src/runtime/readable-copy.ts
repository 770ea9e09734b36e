import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toLogPath } from './database-file.ts';

/** How many times a file is copied if it changes meanwhile. */
const ATTEMPTS = 3;

/**
 * Creates the function that copies a read-only database file and returns the copy's path. SQLite reads a file in WAL
 * mode only if it can write next to it, and a process that opened a file for reading does not write to it later. One
 * copy is kept until the next one is made or the process ends.
 */
export function createReadableCopy(): (path: string) => string {
  let folder: string | null = null;
  const remove = () => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    folder = null;
  };
  let isFirst = true;
  return (path) => {
    if (isFirst) process.once('exit', remove);
    isFirst = false;
    remove();
    folder = mkdtempSync(join(tmpdir(), 'paddock-database-'));
    const copy = join(folder, 'copy.db');
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = describe(path);
      copyAll(path, copy);
      if (describe(path) === before) return copy;
    }
    throw new Error('The database file changes faster than it can be copied');
  };
}

function copyAll(path: string, copy: string): void {
  copyFileSync(path, copy);
  rmSync(toLogPath(copy), { force: true });
  if (statSync(toLogPath(path), { throwIfNoEntry: false }) === undefined) return;
  copyFileSync(toLogPath(path), toLogPath(copy));
}

function describe(path: string): string {
  const parts = [path, toLogPath(path)].map((each) => {
    const stat = statSync(each, { throwIfNoEntry: false });
    return [stat?.ino, stat?.size, stat?.mtimeMs];
  });
  return JSON.stringify(parts);
}
