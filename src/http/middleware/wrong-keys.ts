/** How many wrong keys a network may send at once before the next are slowed. */
export const BURST = 20;

/** After that, one is answered in so many milliseconds. */
const EACH_MS = 1000;

/** The longest that the answer to one is held back, in milliseconds. */
const LONGEST_MS = 5000;

/** How many networks are told apart; what comes from further ones is counted together. */
const MOST_NETWORKS = 1024;

/** How many answers are held back at a time: each holds a connection. */
const MOST_HELD = 2000;

/** The network of what comes from none that is known, or from one too many. */
const OTHERS = 'others';

/** Counts wrong keys by network. Right ones are never counted. */
export interface WrongKeys {
  /** Counts one that came now, in milliseconds: how long its answer is to be held back. */
  count(network: string | null, now: number): number;
}

/** How many wrong keys a network may still send; below zero, how many of its answers are held back. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Makes what slows wrong keys: a token bucket for each network, in bounded memory. */
export function createWrongKeys(): WrongKeys {
  const buckets = new Map<string, Bucket>();
  /** When each answer that is held back will be given. */
  let held: number[] = [];

  function find(network: string, now: number): Bucket {
    const known = buckets.get(network);
    if (known !== undefined) {
      // The one that was used longest ago stands first.
      buckets.delete(network);
      buckets.set(network, known);
      return known;
    }
    const [oldest] = buckets;
    if (buckets.size >= MOST_NETWORKS && oldest !== undefined) {
      if (refill(oldest[1], now) < BURST && network !== OTHERS) return find(OTHERS, now);
      buckets.delete(oldest[0]);
    }
    const bucket = { tokens: BURST, at: now };
    buckets.set(network, bucket);
    return bucket;
  }

  return {
    count(network, now) {
      const bucket = find(network ?? OTHERS, now);
      bucket.tokens = Math.max(refill(bucket, now) - 1, -LONGEST_MS / EACH_MS);
      bucket.at = now;
      const waitMs = Math.max(0, -bucket.tokens * EACH_MS);
      if (waitMs === 0) return 0;
      if (held.length >= MOST_HELD) held = held.filter((until) => until > now);
      if (held.length >= MOST_HELD) return 0;
      held.push(now + waitMs);
      return waitMs;
    },
  };
}

function refill({ tokens, at }: Bucket, now: number): number {
  return Math.min(BURST, tokens + (now - at) / EACH_MS);
}
