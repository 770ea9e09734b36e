import { existsSync } from 'node:fs';
import { DEFAULT_DATABASE_URL } from '../runtime/database.ts';

const IN_MEMORY = 'file::memory:';

/** Returns the database URL for a command: without a file, an empty database in memory if it only reads. */
export function pickDatabase(configured: string | null, writes: boolean): string {
  const url = configured ?? DEFAULT_DATABASE_URL;
  const path = /^file:(?:\/\/(?:localhost)?(?=\/))?([^?]*)/u.exec(url)?.[1];
  if (writes || path === undefined || path === ':memory:') return url;
  return exists(path) ? url : IN_MEMORY;
}

function exists(encoded: string): boolean {
  try {
    return existsSync(decodeURIComponent(encoded));
  } catch {
    // Opening the database reports what is wrong with its address.
    return true;
  }
}
