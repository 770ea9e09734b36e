import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Returns the path of a database file; null if the database is not a file. */
export function toPath(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  const [encoded = ''] = url
    .slice('file:'.length)
    .replace(/^\/\/(?:localhost)?(?=\/)/u, '')
    .split('?');
  return encoded === '' || encoded === ':memory:' ? null : decodeURIComponent(encoded);
}

/** Returns the path of a database file's write-ahead log. */
export function toLogPath(path: string): string {
  return `${path}-wal`;
}

/** Creates a file's folder, and checks that the file can be read or created. */
export function ensureAccess(path: string): void {
  makeFolder(dirname(path));
  if (existsSync(path)) accessSync(path, constants.R_OK);
  else accessSync(dirname(path), constants.W_OK);
}

/** Whether a file and its folder are writable. SQLite needs both. */
export function isWritable(path: string): boolean {
  return mayWrite(path) && mayWrite(dirname(path));
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Creates one folder after the other: Node 20's recursive `mkdir` never returns below `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it first.
    if (!existsSync(path)) throw error;
  }
}
