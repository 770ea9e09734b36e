import type { IncomingMessage } from 'node:http';
import { GrowingBytes } from '../../gateway/growing-bytes.ts';
import { tooLarge, tooSlow, type ReadLimits } from '../../gateway/read-bytes.ts';
import { ClientGone } from '../../gateway/transport.ts';

/** Allocates without filling with zeros: the body overwrites the memory at once. */
const allocate = (bytes: number): Uint8Array => Buffer.allocUnsafeSlow(bytes);

/**
 * Reads a request's whole body from Node's server, without a web stream, which costs more than the copy, and without a
 * copy if the body arrived in one piece.
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
    // A body that breaks off emits `close` too. Without an `error` listener Node emits no `error`.
    const close = () => leave(new ClientGone());
    // A request that is drained later must not hold the received bytes.
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
