import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The property of a connection that holds its waiting responses: those to pipelined requests. */
const QUEUED = Symbol('queued');
type Connection = Duplex & { [QUEUED]?: Set<ServerResponse> };

/** Closes a waiting response with its connection: Node closes only the current one, and others wait forever. */
export function closeWithConnection(outgoing: ServerResponse, connection: Connection): void {
  // Nearly always it is this response's turn.
  if (outgoing.socket !== null) return;
  const queued = (connection[QUEUED] ??= watch(connection));
  queued.add(outgoing);
  outgoing.once('close', () => queued.delete(outgoing));
}

function watch(connection: Connection): Set<ServerResponse> {
  const queued = new Set<ServerResponse>();
  connection.once('close', () => {
    for (const outgoing of queued) {
      // Its turn has come meanwhile, and Node closes it.
      if (outgoing.socket !== null) continue;
      // Do as Node does: calling `destroy` would report a failure.
      outgoing.destroyed = true;
      outgoing.emit('close');
    }
  });
  return queued;
}
