// database/ is what the stores see of libSQL: rows for statements. It opens nothing; runtimes do, and pass it in.

/** What a column holds. */
export type SqlValue = string | number | null;

/** One row, by column name. */
export type Row = Readonly<Record<string, SqlValue>>;

/** One SQL statement and its arguments. */
export interface Statement {
  readonly sql: string;
  readonly args?: readonly SqlValue[];
}

/** A libSQL database. Each call stands alone; whatever fails rejects, and has then changed nothing. */
export interface Database {
  /** Runs one statement that changes nothing. */
  read(statement: Statement): Promise<readonly Row[]>;
  /** Runs statements in one write transaction, and answers each one's rows. */
  write(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /** Runs a text of several statements, which opens and commits its own transaction. */
  script(sql: string): Promise<void>;
  /** How many bytes one transaction of a script writes before some reach the disk, where that is not SQLite's usual page cache. */
  readonly cacheBytes?: number;
}
