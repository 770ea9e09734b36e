import { StatementError, toParseError } from './libsql-grammar.ts';

/** Converts an error to a libSQL server's: SQLite's primary code, or another code if the SQL cannot be compiled. */
export function toHranaError(error: unknown): object {
  const { message, code } = error as Error & { code?: string };
  if (error instanceof StatementError) return { message, code };
  if (code?.startsWith('SQLITE_') !== true) return { message, code: 'SERVER_ERROR' };
  if (code !== 'SQLITE_ERROR') {
    return { message: `SQLite error: ${message}`, code: code.split('_', 2).join('_') };
  }
  if (/^near "|^incomplete input|^unrecognized token/u.test(message)) {
    return toHranaError(toParseError(message));
  }
  return /^no such (?:column|function)/u.test(message)
    ? { message: `SQL input error: ${message} (at offset 0)`, code: 'SQL_INPUT_ERROR' }
    : { message: `SQLite error: ${message}`, code: 'SQLITE_UNKNOWN' };
}
