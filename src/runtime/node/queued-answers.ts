import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The answers that wait for their turn on a connection, by which their requests came one after the other at once. */
const QUEUED = Symbol('queued');
type Connection = Duplex & { [QUEUED]?: Set<ServerResponse> };

/**
 * Has an answer that waits for its turn close with its connection. Node closes the one whose turn it is alone: for the
 * others hosts would work on, and whoever waits for their end would do so for ever.
 */
export function closeWithConnection(outgoing: ServerResponse, connection: Connection): void {
  // Nearly always it is its turn.
  if (outgoing.socket !== null) return;
  const queued = (connection[QUEUED] ??= watch(connection));
  queued.add(outgoing);
  outgoing.once('close', () => queued.delete(outgoing));
}

function watch(connection: Connection): Set<ServerResponse> {
  const queued = new Set<ServerResponse>();
  connection.once('close', () => {
    for (const outgoing of queued) {
      // Its turn has come meanwhile, and Node sees to it.
      if (outgoing.socket !== null) continue;
      // As Node does it: to destroy it would say that it failed.
      outgoing.destroyed = true;
      outgoing.emit('close');
    }
  });
  return queued;
}
