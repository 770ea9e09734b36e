/** The codes of a libSQL server for what it cannot make a statement of, whatever is stored. */
const REFUSED = /^(?:SQL_PARSE_ERROR|SQL_NO_STATEMENT|SQL_MANY_STATEMENTS|ARGS_\w+)$/u;

/** The codes under which SQLite says anything, a missing table included. */
const GENERIC = /^(?:SQLITE_ERROR|SQLITE_UNKNOWN|SQL_INPUT_ERROR)$/u;

/** What SQLite says of text that it cannot compile; which tables and columns there are is the database's matter. */
const UNPARSED =
  /: syntax error|incomplete input|unrecognized token|no such function|wrong number of arguments to function|parser stack overflow/u;

/** Whether a database did not understand a statement: that is a fault of the program, and not of the database. */
export function isRefusedStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const code = String(error.code);
  return REFUSED.test(code) || (GENERIC.test(code) && UNPARSED.test(error.message));
}
