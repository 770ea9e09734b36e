import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toLogPath } from './database-file.ts';

/** How often a file is copied that changes meanwhile. */
const ATTEMPTS = 3;

/**
 * Makes what copies a database file that may only be read, and answers the copy's path. SQLite reads a file in WAL mode
 * only where it can write beside it, and what a process has opened for reading it does not write again. One copy is kept,
 * until the next is made or the process ends.
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
