import type { Delivery, Exchange } from '../../telemetry/exchange.ts';

/** A request that has ended. */
interface EndedRequest {
  readonly exchange: Exchange;
  readonly delivery: Delivery;
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
}

/** The maximum number of held requests, and how long they are held, in milliseconds. */
const MOST = 128;
const MOST_MS = 100;

/**
 * Holds ended requests and formats them in batches: formatting one after the other costs half as much as formatting
 * each amid the other work of a request.
 */
export function createEndedRequests(to: {
  write: (ended: EndedRequest) => void;
  /** Called when all held requests are written. */
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
