import type { IncomingMessage } from 'node:http';
import { tooSlow } from '../../gateway/body-time.ts';
import { ClientGone } from '../../gateway/client-gone.ts';
import { GrowingBytes } from '../../gateway/growing-bytes.ts';
import { tooLarge, type ReadLimits } from '../../gateway/read-bytes.ts';

/** Without zeros, which a body would be written over at once. */
const allocate = (bytes: number): Uint8Array => Buffer.allocUnsafeSlow(bytes);

/**
 * All of a request's body, as Node's server hands it over: without a stream of the web's, which costs more than the
 * copy, and without a copy where it came in one piece.
 * @throws {PaddockError} `body_too_large`, `overloaded`, `request_timeout`
 * @throws {ClientGone}
 */
export function readIncoming(incoming: IncomingMessage, limits: ReadLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const bytes = new GrowingBytes({ ...limits, allocate });
    const take = (piece: Buffer) => {
      try {
        if (!bytes.add(piece)) leave(tooLarge(limits.maxBytes));
      } catch (error) {
        leave(error);
      }
    };
    const finish = () => {
      clearTimeout(timer);
      incoming.off('close', close);
      resolve(bytes.finish());
    };
    // A body that breaks off closes too; nobody is told of an error who does not listen for it.
    const close = () => leave(new ClientGone());
    // Nothing of what came is held by a request that goes on to be drained.
    const leave = (reason: unknown) => {
      clearTimeout(timer);
      incoming.off('data', take).off('end', finish).off('close', close);
      reject(reason);
    };
    const timer = setTimeout(() => leave(tooSlow()), limits.withinMs);
    if (incoming.destroyed && !incoming.readableEnded) return close();
    incoming.on('data', take).once('end', finish).once('close', close);
  });
}
