import type { Socket } from 'node:net';
import type { HeaderRecord } from '../gateway/headers.ts';
import type { Deliver } from '../http/middleware/observe.ts';
import type { Delivery } from '../telemetry/exchange.ts';

/** How a relayed WebSocket ended, and how many bytes it carried. */
export type TunnelEnd = Pick<Delivery, 'end' | 'bytesIn' | 'bytesOut'>;

/** The response to a WebSocket request that the upstream has accepted. The runtime then joins both connections. */
export class UpgradedResponse extends Response {
  /** The connection to the upstream, from the first byte after its response head. */
  readonly upstream: Socket;
  /** Called once, when the WebSocket has ended. */
  ended: (end: TunnelEnd) => void = () => {};

  constructor(upstream: Socket, headers: HeaderRecord) {
    super(null);
    this.upstream = upstream;
    // The constructor of `Response` takes no such status.
    Object.defineProperties(this, {
      status: { value: 101 },
      headers: { value: new Headers(headers) },
    });
  }
}

/** Observes the end of a WebSocket. Any other response is passed to `deliver`. */
export function deliverUpgraded(deliver: Deliver): Deliver {
  return (delivering) => {
    const { response, clock, ended } = delivering;
    if (!(response instanceof UpgradedResponse)) return deliver(delivering);
    response.ended = (end) => ended({ ...end, endedAt: clock.monotonic() });
    return response;
  };
}
