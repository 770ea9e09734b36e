import type { Clock } from '../clock.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { Exchange, Observer } from '../telemetry/exchange.ts';

/** A request that Paddock has sent to a provider, as llama-swap's message `inflight` shows it, without private fields. */
interface InflightRequest {
  readonly id: string;
  readonly timestamp: string;
  readonly model: string;
  readonly req_path: string;
  readonly method: string;
  readonly resp_bytes: number;
  readonly elapsed_ms: number;
}

/** The requests in flight for models. */
export interface Inflight extends Required<Pick<Observer, 'sending' | 'ended'>> {
  /** Returns those that a caller may see. A second list of the same requests has the same IDs. */
  list(isVisible: (exchange: Exchange) => boolean): readonly InflightRequest[];
}

/** Creates the list of requests in flight. It costs each request two operations on a map. */
export function createInflight(clock: Pick<Clock, 'monotonic' | 'wall'>): Inflight {
  // Clients choose the IDs of exchanges, so those may be equal.
  const numbers = new Map<Exchange, number>();
  let last = 0;
  return {
    sending(exchange) {
      if (exchange.model !== null) numbers.set(exchange, (last += 1));
    },
    ended: (exchange) => void numbers.delete(exchange),
    list(isVisible) {
      const now = clock.monotonic();
      const visible = [...numbers].filter(([exchange]) => isVisible(exchange));
      return visible.map(([exchange, number]) => {
        const elapsedMs = Math.max(0, Math.round(now - exchange.beganAt));
        return {
          id: String(number),
          timestamp: new Date(clock.wall() - elapsedMs).toISOString(),
          model: joinId(exchange.provider ?? '', exchange.model ?? ''),
          req_path: exchange.path ?? '',
          method: exchange.method ?? '',
          // The bytes of an answer are counted when it ends.
          resp_bytes: 0,
          elapsed_ms: elapsedMs,
        };
      });
    },
  };
}
