import type { Socket } from 'node:net';
import type { HeaderRecord } from '../gateway/headers.ts';
import type { Deliver } from '../http/middleware/observe.ts';
import type { Delivery } from '../telemetry/exchange.ts';

/** How a WebSocket that was passed on ended, and how many bytes it carried. */
export type TunnelEnd = Pick<Delivery, 'end' | 'bytesIn' | 'bytesOut'>;

/** The answer to a request for a WebSocket that the upstream has accepted: the runtime then joins both connections. */
export class UpgradedResponse extends Response {
  /** The connection to the upstream, from the first byte behind its answer on. */
  readonly upstream: Socket;
  readonly #headers: Headers;
  /** Called once, when the WebSocket has ended. */
  ended: (end: TunnelEnd) => void = () => {};

  constructor(upstream: Socket, headers: HeaderRecord) {
    super(null);
    this.upstream = upstream;
    this.#headers = new Headers(headers);
  }

  // @ts-expect-error: the types call a property what the standard makes an accessor, as it is here
  override get status(): number {
    return 101;
  }

  override get headers(): Headers {
    return this.#headers;
  }
}

/** Notices the end of a WebSocket; any other answer is left to `deliver`. */
export function deliverUpgraded(deliver: Deliver): Deliver {
  return (delivering) => {
    const { response, clock, ended } = delivering;
    if (!(response instanceof UpgradedResponse)) return deliver(delivering);
    response.ended = (end) => ended({ ...end, endedAt: clock.monotonic() });
    return response;
  };
}
