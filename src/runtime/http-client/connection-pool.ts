import { Connection, type ConnectionOwner, type SentRequest } from './connection.ts';
import { IdleTimes, toKeptMs } from './idle-times.ts';
import type { OpenSocket } from './open-socket.ts';

/** The owner of connections that carry one request each. */
const DEDICATED: ConnectionOwner = {
  idle: (connection) => connection.destroy(),
  ended: () => {},
};

/** The connections to one upstream. The pool reuses the most recently idle connection. */
export class ConnectionPool implements ConnectionOwner {
  readonly #open: OpenSocket;
  readonly #times = new IdleTimes();
  /** Ordered by the time at which they became idle. */
  readonly #idle: Connection[] = [];
  #isWaiting = false;

  constructor(open: OpenSocket) {
    this.#open = open;
  }

  /** Sends a request on an idle connection, or on a new one. `isDedicated` asks for a dedicated one. */
  send(request: SentRequest, { isDedicated }: { isDedicated: boolean }): Connection {
    const connection = isDedicated
      ? new Connection(this.#open, DEDICATED)
      : (this.#take() ?? new Connection(this.#open, this));
    connection.send(request);
    return connection;
  }

  idle(connection: Connection): void {
    const { hintMs } = connection;
    const latest = this.#idle.at(-1);
    // If no idle connection is usable, one is enough to measure how long the upstream keeps it open.
    const isUseless =
      latest !== undefined &&
      this.#times.isAfterClosing(latest.idleSince) &&
      this.#times.usableMs(hintMs) <= 0;
    const keptMs = toKeptMs(hintMs);
    if (keptMs <= 0 || isUseless) return connection.destroy();
    connection.idleSince = performance.now();
    this.#idle.push(connection);
    this.#sweepIn(keptMs);
  }

  ended(connection: Connection, { byUpstream }: { byUpstream: boolean }): void {
    const now = performance.now();
    if (connection.isIdle) {
      const at = this.#idle.indexOf(connection);
      if (at === -1) return;
      this.#idle.splice(at, 1);
      if (byUpstream) this.#times.closed(now - connection.idleSince, now);
    } else if (byUpstream && !connection.isAnswered && connection.reusedAfterMs !== null) {
      this.#times.closed(connection.reusedAfterMs, now);
    }
  }

  #take(): Connection | null {
    const connection = this.#idle.at(-1);
    if (connection === undefined) return null;
    const now = performance.now();
    const idleMs = now - connection.idleSince;
    const longestMs = now - (this.#idle[0]?.idleSince ?? now);
    if (!this.#times.mayUse({ idleMs, longestMs, hintMs: connection.hintMs })) return null;
    this.#idle.pop();
    connection.reusedAfterMs = idleMs;
    return connection;
  }

  #sweepIn(milliseconds: number): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    // `setImmediate` lets the sweep see the connections that ended while the process was busy.
    setTimeout(() => setImmediate(() => this.#sweep()), milliseconds).unref();
  }

  /** Closes connections that have reached their maximum idle time. */
  #sweep(): void {
    this.#isWaiting = false;
    const now = performance.now();
    let nextMs = Infinity;
    for (const connection of this.#idle.slice()) {
      const leftMs = connection.idleSince + toKeptMs(connection.hintMs) - now;
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
      } else {
        this.#times.survived(connection.idleSince, connection.hintMs);
        connection.destroy();
      }
    }
    if (nextMs !== Infinity) this.#sweepIn(nextMs);
  }
}
