import type { ContextsById } from './learned-contexts.ts';
import type { ProbeResult } from './probe.ts';

/** What a provider's last probe found, when that was, and when it was last online, in ISO 8601. */
export type CheckedResult = ProbeResult & {
  readonly checkedAt: string;
  /** Null where it was never online since this program started. */
  readonly lastSeenAt: string | null;
};

/** All providers as they were last seen; never changed once made. */
export interface Snapshot {
  /** When it was put together, in ISO 8601. */
  readonly takenAt: string;
  readonly results: ReadonlyMap<string, CheckedResult>;
  /** What was known of models when they were last seen loaded. */
  readonly learned: ContextsById;
}

/** What a probe found, with its times. */
export function toChecked(
  result: ProbeResult,
  { checkedAt, before }: { checkedAt: string; before: CheckedResult | null },
): CheckedResult {
  // Paddock itself could not send the probe: what is known stays as it was.
  if (before !== null && result.error?.code === 'overloaded') return before;
  const lastSeenAt = result.status === 'online' ? checkedAt : (before?.lastSeenAt ?? null);
  return { ...result, checkedAt, lastSeenAt };
}
