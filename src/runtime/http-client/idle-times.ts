/** How long an idle connection stays in the pool if the upstream gives no hint, in milliseconds. */
const KEPT_MS = 1500;

/** How long before its expected end a connection is last used: in milliseconds, and as a part of that time. */
const MARGIN_MS = 100;
const MARGIN_PART = 1 / 4;

/** The same margin for an upstream that gives a hint, which is in whole seconds. */
const HINT_MARGIN_MS = 1000;

/** The longest time that a hint can ask for, in milliseconds: the machine may have vanished. */
const LONGEST_MS = 30_000;

/** An idle connection that might be reused. */
export interface IdleConnection {
  /** How long the connection has been idle, in milliseconds. */
  readonly idleMs: number;
  /** How long the longest-idle open connection has been idle, in milliseconds. */
  readonly longestMs: number;
  /** The upstream's own hint, in milliseconds, or null. */
  readonly hintMs: number | null;
}

/** Returns how long an idle connection stays in the pool, in milliseconds; at or below 0 it does not stay. */
export function toKeptMs(hintMs: number | null): number {
  return hintMs === null ? KEPT_MS : Math.min(hintMs - HINT_MARGIN_MS, LONGEST_MS);
}

/**
 * Learns how long one upstream keeps idle connections open. A request is lost if the upstream closes its connection at
 * the same moment, so the pool uses only connections that are known to stay open for some time. Idle connections that
 * are too old for use stay open: they show how long the upstream keeps them.
 */
export class IdleTimes {
  /** The shortest idle time after which the upstream closed a connection, since it last kept one for the full time. */
  #closedAfterMs = Infinity;
  #closedAt = -Infinity;
  /** Whether a connection without a hint has stayed open for the full time that the pool keeps it. */
  #isProven = false;

  /** Returns how long a connection may be idle and still be used, in milliseconds. */
  usableMs(hintMs: number | null): number {
    const ownMs = hintMs === null ? KEPT_MS - MARGIN_MS : toKeptMs(hintMs);
    const closedMs = this.#closedAfterMs;
    return closedMs === Infinity
      ? ownMs
      : Math.min(ownMs, closedMs - Math.max(MARGIN_MS, closedMs * MARGIN_PART));
  }

  mayUse({ idleMs, longestMs, hintMs }: IdleConnection): boolean {
    if (idleMs >= this.usableMs(hintMs)) return false;
    if (hintMs !== null || this.#isProven || this.#closedAfterMs !== Infinity) return true;
    // Nothing is known yet except that another connection is still open after twice that time.
    return idleMs * 2 < longestMs;
  }

  /** Records that the upstream closed a connection after this idle time, or lost a request on it. */
  closed(idleMs: number, now: number): void {
    this.#closedAfterMs = Math.min(this.#closedAfterMs, idleMs);
    this.#closedAt = now;
  }

  /** Whether a connection's fate is informative: not if it was idle before the upstream restarted. */
  isAfterClosing(idleSince: number): boolean {
    return idleSince > this.#closedAt;
  }

  /** Records that a connection was still open after the full time that the pool keeps it. */
  survived(idleSince: number, hintMs: number | null): void {
    if (!this.isAfterClosing(idleSince)) return;
    this.#closedAfterMs = Infinity;
    if (hintMs === null) this.#isProven = true;
  }
}
