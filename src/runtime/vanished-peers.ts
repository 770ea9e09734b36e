import { readFile } from 'node:fs/promises';
import { readUnanswered, type UnansweredConnection } from './tcp-table.ts';

/** How long a peer may leave data unacknowledged, in milliseconds. TCP itself gives up after 15 minutes. */
const SILENT_MS = 45_000;

/** How long a connection may take to open, in milliseconds. A machine that is asleep never accepts it. */
const CONNECT_MS = 10_000;

/** How often connections are checked, in milliseconds. */
const CHECK_MS = 5_000;

const TABLES = ['/proc/self/net/tcp', '/proc/self/net/tcp6'];

/** Tracks since when peers have been silent. A peer that reads slowly still answers. */
export class SilentPeers {
  #seen = new Map<string, { readonly since: number; readonly attempts: number }>();

  /** Takes the currently unanswered connections. Returns those that have been unanswered for too long. */
  update(unanswered: readonly UnansweredConnection[], now: number): UnansweredConnection[] {
    const before = this.#seen;
    this.#seen = new Map();
    return unanswered.filter(({ inode, attempts, isConnecting }) => {
      const known = before.get(inode);
      // Fewer attempts than before: the peer has answered in between.
      const since = known === undefined || attempts < known.attempts ? now : known.since;
      this.#seen.set(inode, { since, attempts });
      return now - since >= (isConnecting ? CONNECT_MS : SILENT_MS);
    });
  }
}

/** Closes connections whose peer vanished with data in flight. On Linux; elsewhere TCP's own limit applies. */
export function watchPeers(options: {
  isNeeded: () => boolean;
  close: (connection: UnansweredConnection) => void;
}): void {
  if (process.platform !== 'linux') return;
  const silent = new SilentPeers();
  const check = async () => {
    if (!options.isNeeded()) return;
    const tables = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => '')));
    const overdue = silent.update(tables.flatMap(readUnanswered), performance.now());
    for (const connection of overdue) options.close(connection);
  };
  setInterval(() => void check(), CHECK_MS).unref();
}
