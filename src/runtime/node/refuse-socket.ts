import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../refuse.ts';

/** How long a refused client may take to read the response, in milliseconds. */
const LINGER_MS = 1000;

/**
 * Responds to a request that cannot be routed, and closes the connection. It discards further data for a moment: if the
 * connection closed at once, its reset would overtake the response.
 */
export function refuseSocket(socket: Duplex, refuse: () => Refusal): void {
  // A parser that has failed fails again with every further piece of data.
  if (!socket.writable) return;
  const { status, headers, body } = refuse();
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.resume();
}
