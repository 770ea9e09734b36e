import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../refuse.ts';

/** How long a client that is refused may take to read why, in milliseconds. */
const LINGER_MS = 1000;

/**
 * Answers what is no request that could be routed, and closes the connection. What still comes is thrown away for a
 * moment: were the connection closed at once, its reset would overtake the answer.
 */
export function refuseSocket(socket: Duplex, refuse: () => Refusal): void {
  // A parser that has failed fails again with every piece that comes.
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
