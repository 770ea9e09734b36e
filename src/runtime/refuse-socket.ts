import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PaddockError, toOpenAiError } from '../errors.ts';

/** How long a client that is refused may take to read why, in milliseconds. */
const LINGER_MS = 1000;

/**
 * Answers what is no request that could be routed, and closes the connection. What still comes is thrown away for a
 * moment: were the connection closed at once, its reset would overtake the answer.
 */
export function refuseSocket(socket: Duplex, error: PaddockError): void {
  // A parser that has failed fails again with every piece that comes.
  if (!socket.writable) return;
  const { status } = error;
  const body = JSON.stringify(toOpenAiError(error));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.resume();
}
