import {
  isExhaustion,
  messageOf,
  PaddockError,
  toPaddockError,
  toExhaustedError,
} from '../errors.ts';

/** The codes of a libSQL server for text that is not a valid statement, independent of the stored data. */
const REFUSED = /^(?:SQL_PARSE_ERROR|SQL_NO_STATEMENT|SQL_MANY_STATEMENTS|ARGS_\w+)$/u;

/** The codes that SQLite uses for any error, including a missing table. */
const GENERIC = /^(?:SQLITE_ERROR|SQLITE_UNKNOWN|SQL_INPUT_ERROR)$/u;

/** SQLite's messages for text that it cannot compile. Missing tables and columns are faults of the database. */
const UNPARSED =
  /: syntax error|incomplete input|unrecognized token|no such function|wrong number of arguments to function|parser stack overflow/u;

const READ_ONLY_MESSAGE =
  'The favorites database is read-only: favorites are listed but cannot be changed. Make its file and folder writable, or set a LIBSQL_AUTH_TOKEN with write access.';

const DISK_MESSAGE =
  'The disk of the favorites database is full or damaged: free space on it, or replace it. Everything except favorites still works.';

/** Converts a database failure. A rejected statement is a fault of Paddock: `internal_error`. */
export function toDatabaseError(cause: unknown): PaddockError {
  if (isExhaustion(cause)) return toExhaustedError(cause);
  if (cause instanceof PaddockError || isRefusedStatement(cause)) return toPaddockError(cause);
  return new PaddockError('database_unavailable', toMessage(cause), { cause });
}

function toMessage(cause: unknown): string {
  const { code, message } = cause instanceof Error ? toParts(cause) : { code: '', message: '' };
  // A libSQL server on a full disk reports IOERR.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR') return DISK_MESSAGE;
  // A libSQL server answers 403 to a token without write access, and BLOCKED if it rejects all writes.
  const isReadOnly =
    /^(?:SQLITE_READONLY|BLOCKED|EROFS)$/u.test(code) || /HTTP status 403\b/u.test(message);
  return isReadOnly ? READ_ONLY_MESSAGE : messageOf('database_unavailable');
}

function toParts(error: Error & { code?: unknown }): { code: string; message: string } {
  return { code: String(error.code ?? ''), message: error.message };
}

/** Whether a database did not understand a statement: that is a fault of the program and not of the database. */
function isRefusedStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const code = String(error.code);
  return REFUSED.test(code) || (GENERIC.test(code) && UNPARSED.test(error.message));
}
