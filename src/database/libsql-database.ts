import type { Client, InArgs, ResultSet } from '@libsql/client';
import type { Clock } from '../clock.ts';
import type { Database, Row, SqlValue, Statement } from './database.ts';

/** How a `Database` reaches libSQL. */
export interface LibsqlOptions {
  /** Opens a client, or answers one that is open; rejects where it cannot do what it is wanted for. */
  readonly connect: (purpose: Purpose) => Promise<Client>;
  /** Puts a client away after one use. */
  readonly release: (client: Client) => void;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Told why a use of a client failed, where it is not tried again. */
  readonly onFailure?: (error: unknown) => void;
  /**
   * Lets those that want to write come one after the other, where the process can: else each comes at once.
   */
  readonly takeTurn?: TakeTurn;
  /** The size of the page cache of a script, in pages, where it can be chosen. */
  readonly cachePages?: number;
}

/** Does work when all that was to be done before is done. */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** What a client is wanted for: what may only be read can be read all the same. */
export type Purpose = 'read' | 'write';

/** Does something with a client. */
type Work<T> = (client: Client) => Promise<T>;

/** How long a busy database is asked again before that is its answer, in milliseconds. */
const PATIENCE_MS = 5000;

/** The longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 200;

/** SQLite's pages, where nobody chose another size. */
const PAGE_BYTES = 4096;

/** Makes a `Database` of libSQL clients. */
export function createLibsqlDatabase(options: LibsqlOptions): Database {
  const { connect, release, clock, onFailure, takeTurn = (work) => work(), cachePages } = options;
  const setCache = cachePages === undefined ? '' : `PRAGMA cache_size = ${cachePages};\n`;
  /** How often in a row it was busy, whoever wanted to write, and what it said the last time. */
  let busy = 0;
  let saidLast: unknown = null;

  /** What came of it; null where the database was busy, after a pause. */
  async function attempt<T>(purpose: Purpose, work: Work<T>): Promise<{ value: T } | null> {
    // Asked for anew each time: what was the database may be another one after a pause.
    const client = await connect(purpose);
    try {
      return { value: await work(client) };
    } catch (error) {
      if (!isBusy(error)) {
        onFailure?.(error);
        throw error;
      }
      // After one SQLITE_BUSY a connection may report success and commit nothing, so it is replaced before
      // anything else can use it.
      await client.reconnect();
      busy += 1;
      saidLast = error;
    } finally {
      release(client);
    }
    // Uneven pauses, so that two processes do not meet again and again.
    const pause = Math.min(LONGEST_PAUSE_MS, 5 * busy);
    await clock.sleep(Math.ceil(pause * (0.5 + Math.random() / 2)));
    return null;
  }

  async function persist<T>(
    purpose: Purpose,
    { work, giveUpAt }: { work: Work<T>; giveUpAt: number },
  ): Promise<T> {
    for (;;) {
      const done = await takeTurn(() => {
        // One attempt after the other would hold up everything else while all of them give up.
        if (busy > 0 && clock.monotonic() > giveUpAt) throw saidLast;
        return attempt(purpose, work);
      });
      if (done === null) continue;
      busy = 0;
      return done.value;
    }
  }

  const change = <T>(work: Work<T>) =>
    persist('write', { work, giveUpAt: clock.monotonic() + PATIENCE_MS });

  /** Readers seldom find it busy, and then wait as writers do. */
  async function look<T>(work: Work<T>): Promise<T> {
    const giveUpAt = clock.monotonic() + PATIENCE_MS;
    const done = await attempt('read', work);
    return done === null ? persist('read', { work, giveUpAt }) : done.value;
  }

  return {
    read: (statement) =>
      look(async (client) => toRows(await client.execute(toInStatement(statement)))),
    write: (statements) =>
      change(async (client) =>
        (await client.batch(statements.map(toInStatement), 'write')).map(toRows),
      ),
    script: (sql) => change((client) => client.executeMultiple(`${setCache}${sql}`)),
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
