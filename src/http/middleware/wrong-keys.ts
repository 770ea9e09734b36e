/** How many wrong keys a network may send at once before Paddock delays the next answers. */
export const BURST = 20;

/** After the burst, one wrong key is answered per this many milliseconds. */
const EACH_MS = 1000;

/** The longest delay of an answer, in milliseconds. */
const LONGEST_MS = 5000;

/** How many networks are counted separately. Further ones are counted together. */
const MAX_NETWORKS = 1024;

/** How many answers are delayed at a time: each holds a connection. */
const MAX_HELD = 2000;

/** Stands for unknown networks and for those beyond the limit. */
const OTHERS = 'others';

/** How many wrong keys a network may still send. Below zero, how many of its answers are delayed. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Creates the counter that delays wrong keys: a token bucket for each network, in bounded memory. */
export function createWrongKeys() {
  const buckets = new Map<string, Bucket>();
  /** When each delayed answer is sent. */
  let held: number[] = [];

  function find(network: string, now: number): Bucket {
    const known = buckets.get(network);
    if (known !== undefined) {
      // Reinsert it, so that the least recently used network is first.
      buckets.delete(network);
      buckets.set(network, known);
      return known;
    }
    const [oldest] = buckets;
    if (buckets.size >= MAX_NETWORKS && oldest !== undefined) {
      if (refill(oldest[1], now) < BURST && network !== OTHERS) return find(OTHERS, now);
      buckets.delete(oldest[0]);
    }
    const bucket = { tokens: BURST, at: now };
    buckets.set(network, bucket);
    return bucket;
  }

  return {
    /** Counts a wrong key that arrived at `now`, in milliseconds. Returns the delay of its answer, in milliseconds. */
    count(network: string | null, now: number): number {
      const bucket = find(network ?? OTHERS, now);
      bucket.tokens = Math.max(refill(bucket, now) - 1, -LONGEST_MS / EACH_MS);
      bucket.at = now;
      const waitMs = Math.max(0, -bucket.tokens * EACH_MS);
      if (waitMs === 0) return 0;
      if (held.length >= MAX_HELD) held = held.filter((until) => until > now);
      if (held.length >= MAX_HELD) return 0;
      held.push(now + waitMs);
      return waitMs;
    },
  };
}

function refill({ tokens, at }: Bucket, now: number): number {
  return Math.min(BURST, tokens + (now - at) / EACH_MS);
}

/** Returns the network of an address: IPv4 as it is; the first 64 bits of IPv6, which one client has whole. */
export function toNetwork(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/u.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...(tail === undefined ? [] : missing), ...after].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/u, '')).join(':')}::/64`;
}
