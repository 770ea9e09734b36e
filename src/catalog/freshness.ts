/** How a request for the catalog is answered. */
export type ReadPlan =
  /** With the snapshot as it is. */
  | 'serve'
  /** With the snapshot as it is, while a new round of probes runs in the background. */
  | 'serve-and-refresh'
  /** With the results that a new round has found within `PATIENCE_MS` of its start. */
  | 'wait-briefly'
  /** With the results of a complete new round. */
  | 'wait-for-all';

/** The time that a request waits for providers if there is a snapshot, in milliseconds. */
export const PATIENCE_MS = 300;

/** A request waits briefly for a newer snapshot if the last one is older than this many TTLs. */
const STALE_TTLS = 12;

/** Picks the plan for one request. `ageMs` is null without a snapshot; `refresh` asks for a round of its own. */
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
