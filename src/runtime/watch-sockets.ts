import type { Socket } from 'node:net';
import { readAddress, toPlainAddress, type UnansweredConnection } from './tcp-table.ts';
import { watchPeers } from './vanished-peers.ts';

/** Watches a connection and closes it when its peer has vanished. */
export type WatchSocket = (socket: Socket) => void;

/** The idle time after which TCP checks that the peer is still there, in milliseconds. */
export const KEEP_ALIVE_MS = 30_000;

/** Creates the function that watches sockets of `node:net`. */
export function createSocketWatch(): WatchSocket {
  const sockets = new Set<Socket>();
  watchPeers({
    isNeeded: () => sockets.size > 0,
    close: (connection) => {
      // An error like the system's own, which would come much later.
      const gone = Object.assign(new Error('The peer stopped answering'), { code: 'ETIMEDOUT' });
      for (const socket of sockets) if (isOf(socket, connection)) socket.destroy(gone);
    },
  });
  return (socket) => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
}

function isOf(socket: Socket, { localPort, remoteAddress, remotePort }: UnansweredConnection) {
  return (
    socket.localPort === localPort &&
    socket.remotePort === remotePort &&
    toPlainAddress(socket.remoteAddress ?? '') === readAddress(remoteAddress)
  );
}
