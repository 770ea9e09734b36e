import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { BodyReader } from '../../gateway/read-bytes.ts';

interface StreamBody {
  readonly reader: BodyReader;
  /** The length in bytes; null if the body is sent in chunks. */
  readonly length: number | null;
  /** Aborted when the connection takes no more of the body. */
  readonly ending: AbortSignal;
}

/** Sends a stream as a body. Throws its error, or `RangeError` if its length differs from the announced. */
export async function sendStream(
  socket: Socket,
  { reader, length, ending }: StreamBody,
): Promise<void> {
  let sentBytes = 0;
  for (;;) {
    const { value } = await reader.read();
    if (ending.aborted) return;
    if (value === undefined) break;
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
    // The connection has ended; `Connection` handles that.
  }
}
