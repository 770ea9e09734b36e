import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { boundFetch } from '../database/bound-fetch.ts';
import type { Database } from '../database/database.ts';
import { createLibsqlDatabase, type TakeTurn } from '../database/libsql-database.ts';
import { migrate, type Migration } from '../database/migrate.ts';
import { createFileConnection } from './file-connection.ts';

/** Where libSQL is, and what lets one in. */
export interface DatabaseAddress {
  readonly url: string;
  readonly authToken: string | null;
}

/** Where favorites are kept where nothing else is said. */
export const DEFAULT_DATABASE_URL = 'file:data/paddock.db';

/** SQLite waits here, and everything else in the process with it; longer waits are ours, between attempts. In milliseconds. */
const BUSY_TIMEOUT_MS = 10;

/** One client serves until its file changes. */
const KEPT = { release: () => {}, sleep };

// Source and build both stand two folders below the package's root.
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** What is done with a database as it is opened. */
interface Opening {
  /** Makes it ready before it is first used. */
  readonly prepare?: (database: Database) => Promise<unknown>;
  /** Told when its file is another one than it was, or is gone, before that is opened in its place. */
  readonly onReplaced?: () => void;
}

/** Opens a libSQL database, local or remote, when it is first used; one that cannot be opened is tried again at the next use. */
export function openDatabase(
  address: DatabaseAddress,
  { prepare = async () => {}, onReplaced = () => {} }: Opening = {},
): Database {
  const { url, authToken } = address;
  const path = toPath(url);
  const connect = createFileConnection({
    path,
    open: () => {
      if (path !== null) makeRoom(path);
      return createClient({
        url,
        timeout: BUSY_TIMEOUT_MS,
        fetch: boundFetch,
        ...(authToken === null ? {} : { authToken }),
      });
    },
    prepare: async (client) => {
      const database = createLibsqlDatabase({ connect: async () => client, ...KEPT });
      if (path !== null) await prepareFile(database);
      await prepare(database);
    },
    onReplaced,
  });
  // SQLite has one writer at a time, and waits for it with everything else in the process: so one alone waits.
  const takeTurn = path === null ? {} : { takeTurn: createTurns() };
  return createLibsqlDatabase({ connect, ...takeTurn, ...KEPT });
}

function createTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/** The same, with its migrations applied before anything else is done with it. */
export function openMigratedDatabase(
  address: DatabaseAddress,
  opening: Pick<Opening, 'onReplaced'> = {},
): Database {
  const prepare = (database: Database) => migrate(database, readMigrations());
  return openDatabase(address, { ...opening, prepare });
}

/** The migrations that come with this program. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(fileURLToPath(MIGRATIONS))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, sql: readFileSync(new URL(name, MIGRATIONS), 'utf8') }));
}

async function prepareFile(database: Database): Promise<void> {
  // Readers and a writer then stand in nobody's way; the mode stays with the file.
  await database.read({ sql: 'PRAGMA journal_mode = WAL' });
  // Whatever were written into a damaged file might be lost with it.
  const [found] = await database.read({ sql: 'PRAGMA quick_check(1)' });
  const said = found?.['quick_check'];
  if (said !== 'ok') throw new Error(`The database file is damaged: ${said}`);
}

/** The path of a database file; null where it is elsewhere. */
function toPath(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  const [encoded = ''] = url
    .slice('file:'.length)
    .replace(/^\/\/(?:localhost)?(?=\/)/u, '')
    .split('?');
  return encoded === '' || encoded === ':memory:' ? null : decodeURIComponent(encoded);
}

/** Makes a file's folder, and sees that both may be written: SQLite would read what may only be read, and never write it again. */
function makeRoom(path: string): void {
  makeFolder(dirname(path));
  accessSync(dirname(path), constants.W_OK);
  if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
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
