import { rmSync, statSync } from 'node:fs';
import type { Client } from '@libsql/client';

/** What tells whether a database's files are still as they were left. */
interface Seen {
  readonly inode: number;
  /** When the main file was last written, and its size: in WAL mode checkpoints alone do that, or somebody else. */
  readonly writtenAt: number;
  readonly size: number;
  /** The inode of its write-ahead log; null where there is none. */
  readonly log: number | null;
}

interface Opened {
  readonly client: Client;
  isReady: boolean;
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
  readonly prepare: (client: Client) => Promise<void>;
  /** Told when the file is another one than it was, or is gone. */
  readonly onReplaced: () => void;
}): () => Promise<Client> {
  const { path, open, prepare, onReplaced } = options;
  const look = () => (path === null ? null : lookAt(path));
  let opened: Opened | null = null;
  let preparing: Promise<Client> | null = null;

  async function prepareClient(): Promise<Client> {
    const now = look();
    if (opened !== null && !isSame(opened.seen, now)) {
      if (path !== null) await keepOrForgetLog(path, { ...opened, now });
      if (opened.seen?.inode !== now?.inode && opened.seen !== null) onReplaced();
      opened.client.close();
      opened = null;
    }
    // One that could not be made ready is kept: its descriptors stay open until memory is collected, closed or not.
    const mine = (opened ??= { client: open(), isReady: false, seen: null });
    try {
      await prepare(mine.client);
      mine.isReady = true;
    } finally {
      mine.seen = look();
    }
    return mine.client;
  }

  return async () => {
    if (preparing !== null) return preparing;
    if (opened?.isReady === true && isSame(opened.seen, look())) return opened.client;
    preparing = prepareClient().finally(() => (preparing = null));
    return preparing;
  };
}

function lookAt(path: string): Seen | null {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return null;
  return {
    inode: file.ino,
    writtenAt: file.mtimeMs,
    size: file.size,
    log: findInode(toLogPath(path)),
  };
}

function isSame(a: Seen | null, b: Seen | null): boolean {
  if (a === null || b === null) return a === b;
  return a.inode === b.inode && a.writtenAt === b.writtenAt && a.size === b.size && a.log === b.log;
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
  } else if (findInode(toLogPath(path)) === seen.log) {
    rmSync(toLogPath(path));
    // The index of that log, which whoever still has it open needs as it is.
    rmSync(`${path}-shm`, { force: true });
  }
}

function toLogPath(path: string): string {
  return `${path}-wal`;
}

function findInode(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
