import type { Delivery, Exchange } from '../../telemetry/exchange.ts';

/** A request that has ended. */
interface EndedRequest {
  readonly exchange: Exchange;
  readonly delivery: Delivery;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

/** How many are held at most, and how long, in milliseconds. */
const MOST = 128;
const MOST_MS = 100;

/**
 * Holds requests that have ended until there are some to be put into words: one after the other that costs half of what it
 * does amid all else that a request takes.
 */
export function createEndedRequests(to: {
  write: (ended: EndedRequest) => void;
  /** Called when all that was held is written. */
  flush: () => void;
}): { push(ended: EndedRequest): void; flush(): void } {
  let held: EndedRequest[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const ended = held;
    held = [];
    for (const each of ended) to.write(each);
    if (ended.length > 0) to.flush();
  };
  return {
    push(ended) {
      held.push(ended);
      if (held.length >= MOST) flush();
      else timer ??= setTimeout(flush, MOST_MS).unref();
    },
    flush,
  };
}
