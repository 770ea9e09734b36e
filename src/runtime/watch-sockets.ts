import type { Socket } from 'node:net';
import { readAddress, toPlainAddress, type UnansweredConnection } from './tcp-table.ts';
import { watchPeers } from './vanished-peers.ts';

/** Has a connection closed when its other side has vanished. */
export type WatchSocket = (socket: Socket) => void;

/** After how long without traffic TCP asks whether the other side is still there, in milliseconds. */
export const KEEP_ALIVE_MS = 30_000;

/** Makes what watches the sockets of `node:net`. */
export function createSocketWatch(): WatchSocket {
  const sockets = new Set<Socket>();
  watchPeers({
    isNeeded: () => sockets.size > 0,
    close: (connection) => {
      for (const socket of sockets) {
        if (isOf(socket, connection)) socket.destroy(toVanishedError());
      }
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

/** As the system's own, which would come much later. */
function toVanishedError(): Error {
  return Object.assign(new Error('The other side has vanished'), { code: 'ETIMEDOUT' });
}
