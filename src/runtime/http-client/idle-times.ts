/** How long an idle connection stays in the pool where the upstream gives no hint, in milliseconds. */
const KEPT_MS = 1500;

/** How long before an upstream may close a connection it is last used, in milliseconds, and as a part of its time. */
const MARGIN_MS = 100;
const MARGIN_PART = 1 / 4;

/** The same of an upstream that gives a hint, which is in whole seconds. */
const HINT_MARGIN_MS = 1000;

/** The longest that any hint can ask for: the machine behind an idle connection may have vanished. */
const LONGEST_MS = 30_000;

/** An idle connection that might be used. */
export interface IdleConnection {
  /** How long it has been idle, in milliseconds. */
  readonly idleMs: number;
  /** How long the one has been idle that was so first, and is still open. */
  readonly longestMs: number;
  /** The upstream's own hint, in milliseconds, or null. */
  readonly hintMs: number | null;
}

/** How long an idle connection stays in the pool, in milliseconds; none where that is not positive. */
export function toKeptMs(hintMs: number | null): number {
  return hintMs === null ? KEPT_MS : Math.min(hintMs - HINT_MARGIN_MS, LONGEST_MS);
}

/**
 * What is known of how long one upstream keeps idle connections open. A request on a connection that the upstream closes
 * in the same moment is lost, so none is used that is not known to be open for some time yet. Idle connections that are
 * too old to be used stay open all the same, and show how long the upstream keeps them.
 */
export class IdleTimes {
  /** The shortest time after which the upstream closed one, since it was last seen to keep one for long. */
  #closedAfterMs = Infinity;
  #closedAt = -Infinity;
  /** Whether one without a hint was seen to stay open as long as it is kept. */
  #isProven = false;

  /** How long a connection may be idle and still be used, in milliseconds. */
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
    // Nothing is known yet but that another one is still open after twice that time.
    return idleMs * 2 < longestMs;
  }

  /** The upstream closed a connection that had been idle for so long, or lost a request on it. */
  closed(idleMs: number, now: number): void {
    this.#closedAfterMs = Math.min(this.#closedAfterMs, idleMs);
    this.#closedAt = now;
  }

  /** Whether what becomes of a connection says anything: one that was idle before an upstream restarted does not. */
  isAfterClosing(idleSince: number): boolean {
    return idleSince > this.#closedAt;
  }

  /** A connection was still open after all the time that it is kept. */
  survived(idleSince: number, hintMs: number | null): void {
    if (!this.isAfterClosing(idleSince)) return;
    this.#closedAfterMs = Infinity;
    if (hintMs === null) this.#isProven = true;
  }
}
