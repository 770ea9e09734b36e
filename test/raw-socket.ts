// A TCP client that sends bytes unchanged.

import { connect, type Socket } from 'node:net';

/** A TCP connection of a test. */
export interface RawSocket {
  readonly socket: Socket;
  /** The bytes that have arrived so far, as text. */
  received(): string;
  /** Resolves with everything received when the connection is closed. */
  readonly closed: Promise<string>;
}

/** Connects to a server by its URL, and sends some bytes. */
export function openRaw(url: string, bytes: string | Uint8Array = ''): RawSocket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  // 'close' follows a reset too.
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(received));
  });
  if (bytes.length > 0) socket.write(bytes);
  return { socket, received: () => received, closed };
}

/** The status and the JSON of a received answer. */
export function readRaw(received: string): { status: number; json: any } {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), json: body === '' ? null : JSON.parse(body) };
}
