import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** The path of a database file; null where it is elsewhere. */
export function toPath(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  const [encoded = ''] = url
    .slice('file:'.length)
    .replace(/^\/\/(?:localhost)?(?=\/)/u, '')
    .split('?');
  return encoded === '' || encoded === ':memory:' ? null : decodeURIComponent(encoded);
}

/** The path of its write-ahead log. */
export function toLogPath(path: string): string {
  return `${path}-wal`;
}

/** Makes a file's folder, and sees that the file can be read, or made. */
export function makeRoom(path: string): void {
  makeFolder(dirname(path));
  if (existsSync(path)) accessSync(path, constants.R_OK);
  else accessSync(dirname(path), constants.W_OK);
}

/** Whether a file and its folder may be written, as SQLite needs both. */
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

/** One folder after the other: Node 20's recursive `mkdir` never returns where the system refuses, as below `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(path)) throw error;
  }
}
