// database/ is the stores' interface to libSQL: it runs statements and returns rows. The runtimes open the database and
// pass it in.

/** The value of a column. */
export type SqlValue = string | number | null;

/** One row, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One SQL statement and its arguments. */
export interface Statement {
  readonly sql: string;
  readonly args?: readonly SqlValue[];
}

/** A libSQL database. Calls are independent. A call that fails rejects and has changed nothing. */
export interface Database {
  /** Runs one statement that changes nothing. */
  read(statement: Statement): Promise<readonly Row[]>;
  /** Runs statements in one write transaction and returns the rows of each. */
  write(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /** Runs a script of several statements that opens and commits its own transaction. */
  script(sql: string): Promise<void>;
  /** The bytes that a script's transaction writes before some reach the disk, if not SQLite's default page cache. */
  readonly cacheBytes?: number;
}
