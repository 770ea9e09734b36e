import type { Client, InArgs, ResultSet } from '@libsql/client';
import type { Clock } from '../clock.ts';
import type { Database, Row, SqlValue, Statement } from './database.ts';

/** The options of a `Database` on libSQL. */
export interface LibsqlOptions {
  /** Opens a client, or returns an open one. Rejects if the client cannot serve the purpose. */
  readonly connect: (purpose: Purpose) => Promise<Client>;
  readonly release: (client: Client) => void;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Called with the error of a use that failed and is not retried. */
  readonly onFailure?: (error: unknown) => void;
  /** Runs writes one after the other, if the process can do that. By default each write starts at once. */
  readonly takeTurn?: TakeTurn;
  /** The size of a script's page cache, in pages, if it can be chosen. */
  readonly cachePages?: number;
}

/** Runs work after all earlier work has ended. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** The purpose of a client. A read-only database still serves reads. */
export type Purpose = 'read' | 'write';

type Work<T> = (client: Client) => Promise<T>;

/** How long a busy database is retried before the call fails, in milliseconds. */
const PATIENCE_MS = 5000;

/** The longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 200;

/** SQLite's default page size, in bytes. */
const PAGE_BYTES = 4096;

/** Creates a `Database` on libSQL clients. */
export function createLibsqlDatabase(options: LibsqlOptions): Database {
  const { connect, release, clock, onFailure, takeTurn = (work) => work(), cachePages } = options;
  const setCache = cachePages === undefined ? '' : `PRAGMA cache_size = ${cachePages};\n`;
  /** The number of consecutive attempts of all callers that found it busy; `lastError` is the last error. */
  let busy = 0;
  let lastError: unknown = null;

  /** Returns the result of one attempt; if the database was busy, pauses and returns null. */
  async function attempt<T>(purpose: Purpose, work: Work<T>): Promise<{ value: T } | null> {
    // Connect for each attempt: the database may have been replaced during a pause.
    const client = await connect(purpose);
    try {
      return { value: await work(client) };
    } catch (error) {
      if (!isBusy(error)) {
        onFailure?.(error);
        throw error;
      }
      // After SQLITE_BUSY, a connection may report success and commit nothing. So replace it before anything else can use
      // it.
      await client.reconnect();
      busy += 1;
      lastError = error;
    } finally {
      release(client);
    }
    // Random pauses keep two processes from colliding again and again.
    const pause = Math.min(LONGEST_PAUSE_MS, 5 * busy);
    await clock.sleep(Math.ceil(pause * (0.5 + Math.random() / 2)));
    return null;
  }

  async function retry<T>(
    purpose: Purpose,
    { work, giveUpAt }: { work: Work<T>; giveUpAt: number },
  ): Promise<T> {
    for (;;) {
      const done = await takeTurn(() => {
        // Fail without an attempt: otherwise expired callers would block all others, one attempt after the other.
        if (busy > 0 && clock.monotonic() > giveUpAt) throw lastError;
        return attempt(purpose, work);
      });
      if (done === null) continue;
      busy = 0;
      return done.value;
    }
  }

  const writeWithRetry = <T>(work: Work<T>) =>
    retry('write', { work, giveUpAt: clock.monotonic() + PATIENCE_MS });

  /** Reads without a turn first: readers rarely find the database busy. If it is busy, they wait like writers. */
  async function readWithRetry<T>(work: Work<T>): Promise<T> {
    const giveUpAt = clock.monotonic() + PATIENCE_MS;
    const done = await attempt('read', work);
    return done === null ? retry('read', { work, giveUpAt }) : done.value;
  }

  return {
    read: (statement) =>
      readWithRetry(async (client) => toRows(await client.execute(toInStatement(statement)))),
    write: (statements) =>
      writeWithRetry(async (client) =>
        (await client.batch(statements.map(toInStatement), 'write')).map(toRows),
      ),
    script: (sql) => writeWithRetry((client) => client.executeMultiple(`${setCache}${sql}`)),
    ...(cachePages === undefined ? {} : { cacheBytes: cachePages * PAGE_BYTES }),
  };
}

function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(?:BUSY|LOCKED)/u.test(code);
}

function toInStatement({ sql, args }: Statement): { sql: string; args: InArgs } {
  return { sql, args: [...(args ?? [])] };
}

function toRows({ rows, columns }: ResultSet): Row[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index] as SqlValue])),
  );
}
