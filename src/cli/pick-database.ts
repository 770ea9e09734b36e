import { existsSync } from 'node:fs';
import { DEFAULT_DATABASE_URL } from '../runtime/database.ts';

const IN_MEMORY = 'file::memory:';

/**
 * The database of a command. One that only looks takes an empty one in memory where the file is not there yet, so that
 * it leaves none behind.
 */
export function pickDatabase(configured: string | null, writes: boolean): string {
  const url = configured ?? DEFAULT_DATABASE_URL;
  const path = /^file:(?:\/\/(?:localhost)?(?=\/))?([^?]*)/u.exec(url)?.[1];
  if (writes || path === undefined || path === ':memory:') return url;
  return isThere(path) ? url : IN_MEMORY;
}

function isThere(encoded: string): boolean {
  try {
    return existsSync(decodeURIComponent(encoded));
  } catch {
    // The database says what is wrong with its address.
    return true;
  }
}
