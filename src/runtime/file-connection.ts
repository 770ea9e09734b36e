import { rmSync, statSync } from 'node:fs';
import type { Client } from '@libsql/client';
import type { Purpose } from '../database/libsql-database.ts';
import { isWritable, toLogPath } from './database-file.ts';

/** What tells whether a database's files are still as they were left. */
interface Seen {
  readonly inode: number;
  /** When the main file was last written, and its size: in WAL mode checkpoints alone do that, or somebody else. */
  readonly writtenAt: number;
  readonly size: number;
  /** The inode of its write-ahead log; null where there is none. */
  readonly log: number | null;
  /** When its log was last written, where the file may only be read: then somebody else did. */
  readonly logWrittenAt: number | null;
  readonly isWritable: boolean;
}

/** Why a database can be read, and not be written. */
export interface WriteBar {
  readonly cause: unknown;
}

interface Opened {
  readonly client: Client;
  isReady: boolean;
  /** What keeps it from being written. */
  bar: WriteBar | null;
  /** Null where there is no file, as for a database in memory. */
  seen: Seen | null;
}

/**
 * Makes what is asked for a client of a database file before each use. SQLite goes on writing into a file that was
 * deleted or replaced, and trusts its memory of one that was overwritten: a file that is not as it was left is opened
 * anew, so that what is written is in the file that stands at this path.
 */
export function createFileConnection(options: {
  /** Null for a database in memory. */
  readonly path: string | null;
  readonly open: () => Client;
  /** Makes a client ready for its first use; where that fails, it is tried again at the next. */
  readonly prepare: (client: Client) => Promise<WriteBar | null>;
  /** Told when the file is another one than it was, or is gone. */
  readonly onReplaced: () => void;
}): (purpose: Purpose) => Promise<Client> {
  const { path, open, prepare, onReplaced } = options;
  const look = () => (path === null ? null : lookAt(path));
  let opened: Opened | null = null;
  let preparing: Promise<Opened> | null = null;

  async function prepareClient(): Promise<Opened> {
    const now = look();
    if (opened !== null && !isSame(opened.seen, now)) {
      if (path !== null) await keepOrForgetLog(path, { ...opened, now });
      if (opened.seen?.inode !== now?.inode && opened.seen !== null) onReplaced();
      opened.client.close();
      opened = null;
    }
    // One that could not be made ready is kept: its descriptors stay open until memory is collected, closed or not.
    const mine = (opened ??= { client: open(), isReady: false, bar: null, seen: null });
    try {
      mine.bar = await prepare(mine.client);
      // A file that may only be read is looked at anew when it changes; anything else that bars writes may end unseen.
      mine.isReady = mine.bar === null || now?.isWritable === false;
    } finally {
      mine.seen = look();
    }
    return mine;
  }

  async function openReady(): Promise<Opened> {
    if (preparing !== null) return preparing;
    if (opened?.isReady === true && isSame(opened.seen, look())) return opened;
    preparing = prepareClient().finally(() => (preparing = null));
    return preparing;
  }

  return async (purpose) => {
    const { client, bar } = await openReady();
    if (purpose === 'write' && bar !== null) throw bar.cause;
    return client;
  };
}

function lookAt(path: string): Seen | null {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return null;
  const log = lookAtLog(path);
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

function isSame(a: Seen | null, b: Seen | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.inode === b.inode &&
    a.writtenAt === b.writtenAt &&
    a.size === b.size &&
    a.log === b.log &&
    a.logWrittenAt === b.logWrittenAt &&
    a.isWritable === b.isWritable
  );
}

/**
 * Nothing may be lost with a log that was deleted alone, which its client still holds; and nothing of a file that is gone
 * may come into the one in its place, as SQLite would let it by the log that stayed behind.
 */
async function keepOrForgetLog(
  path: string,
  { client, seen, now }: Opened & { now: Seen | null },
): Promise<void> {
  if (seen === null || seen.log === null) return;
  if (seen.inode === now?.inode) {
    if (seen.log !== now.log) await client.execute('PRAGMA wal_checkpoint').catch(() => {});
  } else if (lookAtLog(path)?.ino === seen.log) {
    rmSync(toLogPath(path));
    // The index of that log, which whoever still has it open needs as it is.
    rmSync(`${path}-shm`, { force: true });
  }
}

function lookAtLog(path: string) {
  return statSync(toLogPath(path), { throwIfNoEntry: false });
}
