/** How a request for the catalog is answered. */
export type ReadPlan =
  /** With the snapshot as it is. */
  | 'serve'
  /** With the snapshot as it is, while a new round of probes runs behind it. */
  | 'serve-and-refresh'
  /** With what a new round has found within `PATIENCE_MS` of its start. */
  | 'wait-briefly'
  /** With a whole new round. */
  | 'wait-for-all';

/** How long a request waits for hosts where there is a snapshot, in milliseconds. */
export const PATIENCE_MS = 300;

/** A snapshot older than so many times its TTL is worth a short wait for a better one. */
const STALE_TTLS = 12;

/**
 * Picks the plan for one request.
 * @param ageMs the snapshot's age, or null where there is none
 * @param refresh whether the request asks for a round of its own
 */
export function planRead(options: {
  ageMs: number | null;
  ttlMs: number;
  refresh: boolean;
}): ReadPlan {
  const { ageMs, ttlMs, refresh } = options;
  if (ageMs === null || refresh) return 'wait-for-all';
  if (ageMs < ttlMs) return 'serve';
  return ageMs <= ttlMs * STALE_TTLS ? 'serve-and-refresh' : 'wait-briefly';
}
