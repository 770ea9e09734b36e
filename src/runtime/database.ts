import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBoundFetch, type RequestFetch } from '../database/bound-fetch.ts';
import type { Database } from '../database/database.ts';
import { createLibsqlDatabase, type Purpose } from '../database/libsql-database.ts';
import { findPending, migrate, type Migration } from '../database/migrate.ts';
import { isWritable, ensureAccess, toPath } from './database-file.ts';
import { createFileConnection, type WriteFault } from './file-connection.ts';
import { createReadableCopy } from './readable-copy.ts';
import { systemClock } from './system-clock.ts';
import { createTurns } from './turns.ts';

/** The URL of a libSQL database and its credentials. */
export interface DatabaseAddress {
  readonly url: string;
  readonly authToken: string | null;
}

/** The default URL of the favorites database. */
export const DEFAULT_DATABASE_URL = 'file:data/paddock.db';

/** How long SQLite waits for a lock, in milliseconds: it blocks the process, so longer waits are elsewhere. */
const BUSY_TIMEOUT_MS = 10;

/** The page cache, in pages. A script's writes beyond it reach the disk and show whether there is room. */
const CACHE_PAGES = 10;

/** A client is used until its file changes. */
const KEPT = { release: () => {}, clock: systemClock };

/** Loads the client for a URL: the one for the other kind of databases would make every start slower. */
const loadClient = (url: string) =>
  /^(?:libsql|https?):/u.test(url)
    ? import('@libsql/client/http')
    : import('@libsql/client/sqlite3');

/** Why a read-only file cannot be written, with SQLite's own error code. */
const READ_ONLY: WriteFault = {
  cause: Object.assign(new Error('The database file or its folder is not writable'), {
    code: 'SQLITE_READONLY',
  }),
};

// Source and build are both two folders below the package's root.
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

interface Opening {
  /** Prepares the database before its first use. Returns the reason that prevents writes, or null. */
  readonly prepare?: (database: Database) => Promise<WriteFault | null>;
  /** Called when the file was replaced or is gone, before the new one is opened. */
  readonly onReplaced?: () => void;
  /** Sends the requests to a database over HTTP; the runtime's own `fetch` by default. */
  readonly fetch?: RequestFetch | undefined;
}

/** Opens a libSQL database, local or remote, at its first use. If it cannot be opened, the next use tries again. */
export function openDatabase(
  address: DatabaseAddress,
  { prepare = async () => null, onReplaced = () => {}, fetch = globalThis.fetch }: Opening = {},
): Database {
  const { url, authToken } = address;
  const path = toPath(url);
  const copy = createReadableCopy();
  let isCopy = false;
  const openConnection = () =>
    createFileConnection({
      path,
      open: async () => {
        const { createClient } = await loadClient(url);
        if (path !== null) ensureAccess(path);
        isCopy = path !== null && existsSync(path) && !isWritable(path);
        return createClient({
          url: path !== null && isCopy ? toFileUrl(copy(path)) : url,
          timeout: BUSY_TIMEOUT_MS,
          fetch: createBoundFetch({ fetch, clock: systemClock }),
          // A request's time limit does not count its wait for other requests in the client. 0 would mean 20.
          ...(path === null ? { concurrency: Number.MAX_SAFE_INTEGER } : {}),
          ...(authToken === null ? {} : { authToken }),
        });
      },
      prepare: async (client) => {
        const database = createLibsqlDatabase({ connect: async () => client, ...KEPT });
        if (path !== null) await prepareFile(database);
        const fault = await prepare(database);
        return isCopy ? READ_ONLY : fault;
      },
      onReplaced,
    });
  let connection = openConnection();
  const connect = (purpose: Purpose) => connection(purpose);
  const onFailure = (error: unknown) => {
    // A server may restart with an empty database. A changed file is noticed before it is used.
    const isTableMissing = error instanceof Error && error.message.includes('no such table');
    if (path === null && isTableMissing) connection = openConnection();
  };
  const ofFile = path === null ? {} : { cachePages: CACHE_PAGES };
  // SQLite has one writer at a time, and waiting for it blocks the whole process: so only one write waits. A libSQL
  // server (0.24) whose writers queue while it empties its log may accept no writes until it is restarted.
  return createLibsqlDatabase({ connect, onFailure, takeTurn: createTurns(), ...ofFile, ...KEPT });
}

/** Opens a libSQL database and applies its migrations before any other use. */
export function openMigratedDatabase(
  address: DatabaseAddress,
  opening: Omit<Opening, 'prepare'> = {},
): Database {
  const migrations = readMigrations();
  const prepare = async (database: Database): Promise<WriteFault | null> => {
    if ((await findPending(database, migrations)).length === 0) return null;
    // The existing favorites can be listed even if a migration fails.
    return migrate(database, migrations).then(
      () => null,
      (cause: unknown) => ({ cause }),
    );
  };
  return openDatabase(address, { ...opening, prepare });
}

/** Returns the migrations that come with this program. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(fileURLToPath(MIGRATIONS))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, sql: readFileSync(new URL(name, MIGRATIONS), 'utf8') }));
}

async function prepareFile(database: Database): Promise<void> {
  // In WAL mode readers and a writer do not block each other. The mode is stored in the file.
  await database.read({ sql: 'PRAGMA journal_mode = WAL' });
  // Writes to a damaged file might be lost with it.
  const [found] = await database.read({ sql: 'PRAGMA quick_check(1)' });
  const result = found?.['quick_check'];
  if (result !== 'ok') throw new Error(`The database file is damaged: ${result}`);
}

function toFileUrl(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}
