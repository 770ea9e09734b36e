import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '@libsql/client';
import { boundFetch } from '../database/bound-fetch.ts';
import type { Database } from '../database/database.ts';
import { createLibsqlDatabase } from '../database/libsql-database.ts';
import { migrate, type Migration } from '../database/migrate.ts';

/** Where libSQL is, and what lets one in. */
export interface DatabaseAddress {
  readonly url: string;
  readonly authToken: string | null;
}

/** Where favorites are kept where nothing else is said. */
export const DEFAULT_DATABASE_URL = 'file:data/paddock.db';

/** SQLite waits here, and everything else in the process with it; longer waits are ours, between attempts. In milliseconds. */
const BUSY_TIMEOUT_MS = 10;

// Source and build both stand two folders below the package's root.
const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** Opens a libSQL database, local or remote, when it is first used; one that cannot be opened is tried again at the next use. */
export function openDatabase(address: DatabaseAddress): Database {
  let open: Client | null = null;
  return createLibsqlDatabase({
    connect: async () => (open ??= await connect(address)),
    release: () => {},
    sleep,
  });
}

/** The same, with its migrations applied before anything else is done with it. */
export function openMigratedDatabase(address: DatabaseAddress): Database {
  const database = openDatabase(address);
  let migrated: Promise<unknown> | null = null;
  const prepare = () =>
    (migrated ??= migrate(database, readMigrations()).catch((error: unknown) => {
      migrated = null;
      throw error;
    }));
  return {
    read: async (statement) => {
      await prepare();
      return database.read(statement);
    },
    write: async (statements) => {
      await prepare();
      return database.write(statements);
    },
    script: async (sql) => {
      await prepare();
      return database.script(sql);
    },
  };
}

/** The migrations that come with this program. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(fileURLToPath(MIGRATIONS))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, sql: readFileSync(new URL(name, MIGRATIONS), 'utf8') }));
}

async function connect({ url, authToken }: DatabaseAddress): Promise<Client> {
  const isFile = url.startsWith('file:');
  if (isFile) makeFolderOf(url);
  const client = createClient({
    url,
    timeout: BUSY_TIMEOUT_MS,
    fetch: boundFetch,
    ...(authToken === null ? {} : { authToken }),
  });
  // Readers and a writer then stand in nobody's way; the mode stays with the file.
  if (isFile) await client.execute('PRAGMA journal_mode = WAL');
  return client;
}

function makeFolderOf(url: string): void {
  const path = url
    .slice('file:'.length)
    .replace(/^\/\/(?:localhost)?(?=\/)/u, '')
    .split('?')[0];
  if (path !== undefined && path !== '' && path !== ':memory:') {
    makeFolder(dirname(decodeURIComponent(path)));
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
