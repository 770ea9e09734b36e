import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { createBoundFetch } from '../database/bound-fetch.ts';
import type { Database } from '../database/database.ts';
import { createLibsqlDatabase, type Purpose } from '../database/libsql-database.ts';
import { findPending, migrate, type Migration } from '../database/migrate.ts';
import { isWritable, makeRoom, toPath } from './database-file.ts';
import { createFileConnection, type WriteBar } from './file-connection.ts';
import { createReadableCopy } from './readable-copy.ts';
import { systemClock } from './system-clock.ts';
import { createTurns } from './turns.ts';

/** Where libSQL is, and what lets one in. */
export interface DatabaseAddress {
  readonly url: string;
  readonly authToken: string | null;
}

/** Where favorites are kept where nothing else is said. */
export const DEFAULT_DATABASE_URL = 'file:data/paddock.db';

/** SQLite waits here, and everything else in the process with it; longer waits are ours, between attempts. In milliseconds. */
const BUSY_TIMEOUT_MS = 10;

/** A database is small, and what a script writes beyond this reaches the disk, which tells whether there is room. */
const CACHE_PAGES = 10;

/** One client serves until its file changes. */
const KEPT = { release: () => {}, clock: systemClock };

const BOUND_FETCH = createBoundFetch({
  fetch: (request, init) => fetch(request, init),
  clock: systemClock,
});

/** What keeps a file from being written that may only be read, in SQLite's own words. */
const READ_ONLY: WriteBar = {
  cause: Object.assign(new Error('The database file, or its folder, may not be written'), {
    code: 'SQLITE_READONLY',
  }),
};

// Source and build both stand two folders below the package's root.
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** What is done with a database as it is opened. */
interface Opening {
  /** Makes it ready before it is first used; answers what keeps it from being written, if anything. */
  readonly prepare?: (database: Database) => Promise<WriteBar | null>;
  /** Told when its file is another one than it was, or is gone, before that is opened in its place. */
  readonly onReplaced?: () => void;
}

/** Opens a libSQL database, local or remote, when it is first used; one that cannot be opened is tried again at the next use. */
export function openDatabase(
  address: DatabaseAddress,
  { prepare = async () => null, onReplaced = () => {} }: Opening = {},
): Database {
  const { url, authToken } = address;
  const path = toPath(url);
  const copy = createReadableCopy();
  let isCopy = false;
  const openConnection = () =>
    createFileConnection({
      path,
      open: () => {
        if (path !== null) makeRoom(path);
        isCopy = path !== null && existsSync(path) && !isWritable(path);
        return createClient({
          url: path !== null && isCopy ? toFileUrl(copy(path)) : url,
          timeout: BUSY_TIMEOUT_MS,
          fetch: BOUND_FETCH,
          // A request's time limit would not count its wait for others in the client. 0 would mean 20.
          ...(path === null ? { concurrency: Number.MAX_SAFE_INTEGER } : {}),
          ...(authToken === null ? {} : { authToken }),
        });
      },
      prepare: async (client) => {
        const database = createLibsqlDatabase({ connect: async () => client, ...KEPT });
        if (path !== null) await prepareFile(database);
        const bar = await prepare(database);
        return isCopy ? READ_ONLY : bar;
      },
      onReplaced,
    });
  let connection = openConnection();
  const connect = (purpose: Purpose) => connection(purpose);
  const onFailure = (error: unknown) => {
    // A server can begin anew with nothing; of a file that is seen before it is used.
    if (path === null && isTableMissing(error)) connection = openConnection();
  };
  const ofFile = path === null ? {} : { cachePages: CACHE_PAGES };
  // SQLite has one writer at a time, and waits for it with everything else in the process: so one alone waits. A libSQL
  // server (0.24) whose writers queue while it empties its log may take no write again until it is restarted.
  return createLibsqlDatabase({ connect, onFailure, takeTurn: createTurns(), ...ofFile, ...KEPT });
}

/** The same, with its migrations applied before anything else is done with it. */
export function openMigratedDatabase(
  address: DatabaseAddress,
  opening: Pick<Opening, 'onReplaced'> = {},
): Database {
  const migrations = readMigrations();
  const prepare = async (database: Database): Promise<WriteBar | null> => {
    if ((await findPending(database, migrations)).length === 0) return null;
    // What is there can be listed, though it cannot be brought up to date.
    return migrate(database, migrations).then(
      () => null,
      (cause: unknown) => ({ cause }),
    );
  };
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

function isTableMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes('no such table');
}

function toFileUrl(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}
