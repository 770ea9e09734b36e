// A client that speaks no HTTP, but sends whatever bytes it is told, whenever it is told.

import { connect, type Socket } from 'node:net';

/** A connection of such a client. */
export interface RawSocket {
  readonly socket: Socket;
  /** All that has come back so far. */
  received(): string;
  /** Comes back once the other side has closed the connection, with all that came before. */
  readonly closed: Promise<string>;
}

/** Connects to a server by its URL, and sends some bytes. */
export function openRaw(url: string, bytes: string | Uint8Array = ''): RawSocket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  // A reset closes it too.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(received));
  });
  if (bytes.length > 0) socket.write(bytes);
  return { socket, received: () => received, closed };
}

/** The status and the JSON of an answer that was received. */
export function readRaw(received: string): { status: number; json: any } {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), json: body === '' ? null : JSON.parse(body) };
}
