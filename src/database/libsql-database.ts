import type { Client, InArgs, ResultSet } from '@libsql/client';
import type { Database, Row, SqlValue, Statement } from './database.ts';

/** How a `Database` reaches libSQL. */
export interface LibsqlOptions {
  /** Opens a client, or answers one that is open. */
  readonly connect: () => Promise<Client>;
  /** Puts a client away after one use. */
  readonly release: (client: Client) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How often a busy database is asked again before that is its answer: about five seconds in all. */
const ATTEMPTS = 60;

/** The longest pause between two attempts, in milliseconds. */
const LONGEST_PAUSE_MS = 100;

/** Makes a `Database` of libSQL clients. */
export function createLibsqlDatabase(options: LibsqlOptions): Database {
  return {
    read: (statement) =>
      run(options, async (client) => toRows(await client.execute(toInStatement(statement)))),
    write: (statements) =>
      run(options, async (client) =>
        (await client.batch(statements.map(toInStatement), 'write')).map(toRows),
      ),
    script: (sql) => run(options, (client) => client.executeMultiple(sql)),
  };
}

async function run<T>(options: LibsqlOptions, work: (client: Client) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    // Asked for anew each time: what was the database may be another one after a pause.
    const client = await options.connect();
    try {
      return await work(client);
    } catch (error) {
      if (!isBusy(error)) throw error;
      // After one SQLITE_BUSY a connection may report success and commit nothing, so it is replaced before
      // anything else can use it.
      await client.reconnect();
      if (attempt === ATTEMPTS) throw error;
    } finally {
      options.release(client);
    }
    // Uneven pauses, so that two processes do not meet again and again.
    const pause = Math.min(LONGEST_PAUSE_MS, 5 * attempt);
    await options.sleep(Math.ceil(pause * (0.5 + Math.random() / 2)));
  }
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
