import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Reads a stream; the runtimes' own types of it differ in what else they have. */
export interface PieceReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** A body that is sent as it comes. */
export interface StreamBody {
  readonly reader: PieceReader;
  /** How long it is in bytes; null where it is sent in chunks. */
  readonly length: number | null;
  /** Aborted when nobody takes more of it. */
  readonly ending: AbortSignal;
}

/**
 * Sends a stream as the body of a request.
 * @throws whatever broke the stream off
 * @throws {RangeError} where it has another length than it should: the upstream must not take it for whole
 */
export async function sendStream(
  socket: Socket,
  { reader, length, ending }: StreamBody,
): Promise<void> {
  let sentBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (ending.aborted) return;
    if (done || value === undefined) break;
    sentBytes += value.byteLength;
    if (length !== null && sentBytes > length) throw new RangeError('The body is too long');
    if (!writePiece(socket, { value, isChunk: length === null })) await drain(socket, ending);
    if (ending.aborted) return;
  }
  if (length === null) socket.write('0\r\n\r\n');
  else if (sentBytes < length) throw new RangeError('The body is too short');
}

function writePiece(
  socket: Socket,
  { value, isChunk }: { value: Uint8Array; isChunk: boolean },
): boolean {
  if (!isChunk) return socket.write(value);
  if (value.byteLength === 0) return true;
  socket.cork();
  socket.write(`${value.byteLength.toString(16)}\r\n`);
  socket.write(value);
  const hasRoom = socket.write('\r\n');
  socket.uncork();
  return hasRoom;
}

async function drain(socket: Socket, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, 'drain', { signal });
  } catch {
    // The connection is over, which is seen elsewhere.
  }
}
