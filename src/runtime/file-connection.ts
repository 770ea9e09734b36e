import { rmSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@libsql/client';
import type { Purpose } from '../database/libsql-database.ts';
import { isWritable, toLogPath } from './database-file.ts';

/** The state of a database's files, compared to detect changes by another process. */
interface FileState {
  readonly inode: number;
  /** When the main file was written, and its size. In WAL mode only checkpoints and other processes change it. */
  readonly writtenAt: number;
  readonly size: number;
  /** The inode of the write-ahead log; null if there is none. */
  readonly log: number | null;
  /** When the log of a read-only file was written, by another process. Null if the file is writable. */
  readonly logWrittenAt: number | null;
  readonly isWritable: boolean;
}

/** Why a database can be read but not written. */
export interface WriteFault {
  readonly cause: unknown;
}

interface Opened {
  readonly client: Client;
  isReady: boolean;
  writeFault: WriteFault | null;
  /** Null if there is no file, as for a database in memory. */
  state: FileState | null;
}

/**
 * Creates the function that returns the client of a database file before each use. SQLite continues to write into a
 * file that was deleted or replaced, and trusts its cache of a file that was overwritten. So a file that has changed
 * since the last use is opened again, and writes go into the file at this path.
 */
export function createFileConnection(options: {
  /** The path of the file; null for a database in memory. */
  readonly path: string | null;
  readonly open: () => Promise<Client>;
  /** Prepares a client for its first use. If that fails, it is tried again at the next use. */
  readonly prepare: (client: Client) => Promise<WriteFault | null>;
  /** Called when the file was replaced or is gone. */
  readonly onReplaced: () => void;
}): (purpose: Purpose) => Promise<Client> {
  const { path, open, prepare, onReplaced } = options;
  const readState = () => (path === null ? null : readFileState(path));
  let opened: Opened | null = null;
  let preparing: Promise<Opened> | null = null;

  async function prepareClient(): Promise<Opened> {
    const now = readState();
    if (opened !== null && !isDeepStrictEqual(opened.state, now)) {
      if (path !== null) await keepOrDropWal(path, { ...opened, now });
      if (opened.state?.inode !== now?.inode && opened.state !== null) onReplaced();
      opened.client.close();
      opened = null;
    }
    // Keep a client that could not be prepared: its descriptors stay open until garbage collection, even if it is
    // closed.
    const mine = (opened ??= {
      client: await open(),
      isReady: false,
      writeFault: null,
      state: null,
    });
    const before = readState();
    try {
      mine.writeFault = await prepare(mine.client);
      // A read-only file is checked again when it changes. Any other reason that prevents writes may end unnoticed.
      mine.isReady = mine.writeFault === null || now?.isWritable === false;
    } finally {
      const after = readState();
      // The client has the file that it opened. If another one is at the path by now, the next use opens that one.
      const isReplaced = before !== null && before.inode !== after?.inode;
      mine.state = isReplaced ? { ...before, log: after?.log ?? before.log } : after;
    }
    return mine;
  }

  async function openReady(): Promise<Opened> {
    if (preparing !== null) return preparing;
    if (opened?.isReady === true && isDeepStrictEqual(opened.state, readState())) return opened;
    preparing = prepareClient().finally(() => (preparing = null));
    return preparing;
  }

  return async (purpose) => {
    const { client, writeFault } = await openReady();
    if (purpose === 'write' && writeFault !== null) throw writeFault.cause;
    return client;
  };
}

function readFileState(path: string): FileState | null {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return null;
  const log = readLogStat(path);
  const mayWrite = isWritable(path);
  return {
    inode: file.ino,
    writtenAt: file.mtimeMs,
    size: file.size,
    log: log?.ino ?? null,
    logWrittenAt: mayWrite ? null : (log?.mtimeMs ?? null),
    isWritable: mayWrite,
  };
}

/**
 * Keeps or removes the write-ahead log when the files have changed. If only the log was deleted, the client still holds
 * it, and a checkpoint saves its content. If the main file is gone or replaced, its log is removed: SQLite would apply
 * the old log to the new file.
 */
async function keepOrDropWal(
  path: string,
  { client, state, now }: Opened & { now: FileState | null },
): Promise<void> {
  if (state === null || state.log === null) return;
  if (state.inode === now?.inode) {
    if (state.log !== now.log) await client.execute('PRAGMA wal_checkpoint').catch(() => {});
  } else if (readLogStat(path)?.ino === state.log) {
    rmSync(toLogPath(path));
    // Remove the index of the log without changing it: a process that still has it open needs it as it is.
    rmSync(`${path}-shm`, { force: true });
  }
}

function readLogStat(path: string) {
  return statSync(toLogPath(path), { throwIfNoEntry: false });
}
