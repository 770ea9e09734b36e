/** The codes of a libSQL server for text that is not a valid statement, independent of the stored data. */
const REFUSED = /^(?:SQL_PARSE_ERROR|SQL_NO_STATEMENT|SQL_MANY_STATEMENTS|ARGS_\w+)$/u;

/** The codes that SQLite uses for any error, including a missing table. */
const GENERIC = /^(?:SQLITE_ERROR|SQLITE_UNKNOWN|SQL_INPUT_ERROR)$/u;

/** SQLite's messages for text that it cannot compile. Missing tables and columns are faults of the database. */
const UNPARSED =
  /: syntax error|incomplete input|unrecognized token|no such function|wrong number of arguments to function|parser stack overflow/u;

/** Whether a database did not understand a statement: that is a fault of the program and not of the database. */
export function isRefusedStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const code = String(error.code);
  return REFUSED.test(code) || (GENERIC.test(code) && UNPARSED.test(error.message));
}
