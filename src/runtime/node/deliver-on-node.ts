import type { ServerResponse } from 'node:http';
import type { Exchange, ExchangeEnd } from '../../telemetry/exchange.ts';
import { countBody } from '../../http/middleware/count-body.ts';
import type { Deliver } from '../../http/middleware/observe.ts';
import { BINDINGS, type ServedRequest } from './node-transport.ts';
import { PipedResponse } from './piped-response.ts';

/** Observes the end of a response by the server's own `close` event, so that nothing has to wrap its body. */
export const deliverOnNode: Deliver = (delivering) => {
  const { request, response, exchange, clock, ended } = delivering;
  const bindings = (request as ServedRequest)[BINDINGS];
  if (bindings === undefined) return countBody(delivering);
  const { incoming, outgoing } = bindings;
  const countSent = response instanceof PipedResponse ? () => response.sent : toCounter(outgoing);
  const end = () => {
    const length = incoming.headers['content-length'];
    ended({
      end: toEnd(outgoing, exchange),
      endedAt: clock.monotonic(),
      bytesIn: length === undefined ? null : Number(length),
      bytesOut: countSent(),
    });
  };
  if (outgoing.destroyed) end();
  else outgoing.once('close', end);
  return response;
};

/** Counts the bytes that a connection carries from now on, with the head: the server reports no sizes. */
function toCounter({ socket }: ServerResponse): () => number | null {
  if (socket === null) return () => null;
  const before = socket.bytesWritten;
  return () => socket.bytesWritten - before;
}

function toEnd(outgoing: ServerResponse, { upstreamFailure }: Exchange): ExchangeEnd {
  if (outgoing.writableFinished) return 'complete';
  if (upstreamFailure !== null) return upstreamFailure;
  return outgoing.errored === null ? 'client_gone' : 'failed';
}
