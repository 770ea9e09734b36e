import { readFile } from 'node:fs/promises';
import { readUnanswered, type UnansweredConnection } from './tcp-table.ts';

/**
 * How long the other side of a connection may answer nothing, in milliseconds. TCP itself gives up after a quarter of an
 * hour, and asks with keepalive only where nothing is on its way.
 */
const SILENT_MS = 45_000;

/** How long a connection may take to open, in milliseconds: a machine that is asleep never takes it. */
const CONNECT_MS = 10_000;

/** How often it is looked, in milliseconds. */
const LOOK_MS = 5_000;

const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];

/** Knows since when the other sides of connections have been silent. One that reads slowly still answers. */
export class SilentPeers {
  #seen = new Map<string, { readonly since: number; readonly attempts: number }>();

  /** Takes what is unanswered now; answers what has been for too long. */
  update(unanswered: readonly UnansweredConnection[], now: number): UnansweredConnection[] {
    const before = this.#seen;
    this.#seen = new Map();
    return unanswered.filter(({ inode, attempts, isConnecting }) => {
      const known = before.get(inode);
      // Fewer attempts than before: it has answered in between.
      const since = known === undefined || attempts < known.attempts ? now : known.since;
      this.#seen.set(inode, { since, attempts });
      return now - since >= (isConnecting ? CONNECT_MS : SILENT_MS);
    });
  }
}

/**
 * Closes connections whose other side has vanished while data was on its way to it. Only Linux tells; elsewhere TCP's own
 * limit holds.
 */
export function watchPeers(options: {
  /** Whether there are connections to be watched. */
  isNeeded: () => boolean;
  close: (connection: UnansweredConnection) => void;
}): void {
  if (process.platform !== 'linux') return;
  const silent = new SilentPeers();
  const look = async () => {
    if (!options.isNeeded()) return;
    const tables = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => '')));
    const overdue = silent.update(tables.flatMap(readUnanswered), performance.now());
    for (const connection of overdue) options.close(connection);
  };
  setInterval(() => void look(), LOOK_MS).unref();
}
