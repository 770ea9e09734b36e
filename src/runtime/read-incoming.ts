import type { IncomingMessage } from 'node:http';
import { ClientGone } from '../gateway/client-gone.ts';
import { SMALL_BYTES, tooLarge, type ReadLimits } from '../gateway/read-bytes.ts';

/**
 * All of a request's body, as Node's server hands it over: without a stream of the web's, which costs more than the
 * copy, and without a copy where it came in one piece.
 * @throws {PaddockError} `body_too_large`
 * @throws {ClientGone}
 */
export function readIncoming(
  incoming: IncomingMessage,
  { length, maxBytes }: ReadLimits,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const whole = length !== null && length > SMALL_BYTES ? Buffer.allocUnsafeSlow(length) : null;
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      const at = size;
      size += chunk.length;
      if (size > maxBytes) {
        incoming.off('data', take);
        reject(tooLarge(maxBytes));
      } else if (whole === null) chunks.push(chunk);
      else chunk.copy(whole, at);
    };
    incoming.on('data', take);
    incoming.once('end', () => {
      const [only] = chunks;
      resolve(whole ?? (only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)));
    });
    // A body that breaks off closes too; nobody is told of an error who does not listen for it.
    incoming.once('close', () => {
      if (!incoming.readableEnded) reject(new ClientGone());
    });
  });
}
