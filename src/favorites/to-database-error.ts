import { isRefusedStatement } from '../database/is-refused-statement.ts';
import {
  isExhaustion,
  messageOf,
  PaddockError,
  toPaddockError,
  toExhaustedError,
} from '../errors.ts';

const READ_ONLY_MESSAGE =
  'The favorites database is read-only: favorites are listed, but cannot be changed. Let Paddock write its file and the folder of it, or give it a LIBSQL_AUTH_TOKEN that may write.';

const DISK_MESSAGE =
  'The disk of the favorites database is full or damaged: free space on it, or replace it. Everything but favorites works on.';

/**
 * Converts a database failure to an error with the failure as its cause. A statement that the database does not
 * understand becomes an `internal_error`, because that is a fault of Paddock and not of the database.
 */
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
