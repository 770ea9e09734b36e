import type { ContextsById } from './learned-contexts.ts';
import type { ProbeResult } from './probe.ts';

/** The result of a provider's last probe, the time of the probe and the time it was last online, in ISO 8601. */
export type CheckedResult = ProbeResult & {
  readonly checkedAt: string;
  /** Null if the provider was never online since Paddock started. */
  readonly lastSeenAt: string | null;
};

/** The last results of all providers. A snapshot is immutable. */
export interface Snapshot {
  /** The time when it was composed, in ISO 8601. */
  readonly takenAt: string;
  readonly results: ReadonlyMap<string, CheckedResult>;
  /** The facts known about models when they were last seen loaded. */
  readonly learned: ContextsById;
}

/** Adds the times to the result of a probe. */
export function toChecked(
  result: ProbeResult,
  { checkedAt, before }: { checkedAt: string; before: CheckedResult | null },
): CheckedResult {
  // Paddock itself could not send the probe, so the last result stays.
  if (before !== null && result.error?.code === 'overloaded') return before;
  const lastSeenAt = result.status === 'online' ? checkedAt : (before?.lastSeenAt ?? null);
  return { ...result, checkedAt, lastSeenAt };
}
