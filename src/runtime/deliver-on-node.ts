import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange, ExchangeEnd } from '../exchange/exchange.ts';
import { countBody } from '../http/count-body.ts';
import type { Deliver } from '../http/observe.ts';
import { BINDINGS, type ServedRequest } from './served-request.ts';

/** What a connection had carried when its last exchange ended, in bytes. */
const CARRIED = Symbol('carried');
type Connection = IncomingMessage['socket'] & { [CARRIED]?: { read: number; written: number } };

/** Notices the end of an answer by the server's own word for it, so that nothing stands in its body's way. */
export const deliverOnNode: Deliver = (delivering) => {
  const bindings = (delivering.request as ServedRequest)[BINDINGS];
  if (bindings === undefined) return countBody(delivering);
  const { exchange, clock, ended } = delivering;
  const { incoming } = bindings;
  // This server speaks HTTP/1 alone.
  const outgoing = bindings.outgoing as ServerResponse;
  const connection: Connection = incoming.socket;
  const end = () => {
    const { read, written } = connection[CARRIED] ?? { read: 0, written: 0 };
    const carried = { read: connection.bytesRead, written: connection.bytesWritten };
    connection[CARRIED] = carried;
    ended({
      end: toEnd(outgoing, exchange),
      endedAt: clock.monotonic(),
      bytesIn: carried.read - read,
      bytesOut: carried.written - written,
    });
  };
  if (outgoing.destroyed) end();
  else outgoing.once('close', end);
  return delivering.response;
};

function toEnd(outgoing: ServerResponse, { brokeOff }: Exchange): ExchangeEnd {
  if (outgoing.writableFinished) return 'complete';
  if (brokeOff) return 'upstream_gone';
  return outgoing.errored === null ? 'client_gone' : 'failed';
}
