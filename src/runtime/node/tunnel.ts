import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ExchangeEnd } from '../../telemetry/exchange.ts';
import type { TunnelEnd } from '../upgraded-response.ts';
import { CLOSE, FrameScanner, GOING_AWAY, toClosePayload, toFrame } from '../web-socket-frames.ts';

/** How long one side may stay open after the other has ended, in milliseconds. */
const LINGER_MS = 2000;

type Side = 'client' | 'upstream';

/**
 * Joins the two connections of a WebSocket byte for byte, no faster than the slower side reads. It tracks frame
 * boundaries, so that it knows how the WebSocket ended and can end it between frames.
 */
export class Tunnel {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #ended: (end: TunnelEnd) => void;
  readonly #up = new FrameScanner();
  readonly #down = new FrameScanner();
  readonly #before: { readonly bytesIn: number; readonly bytesOut: number };
  /** The side that ended first; `stopped` if Paddock did. */
  #first: Side | 'stopped' | null = null;
  #hasEnded = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(options: { client: Socket; upstream: Socket; ended: (end: TunnelEnd) => void }) {
    const { client, upstream, ended } = options;
    this.#client = client;
    this.#upstream = upstream;
    this.#ended = ended;
    this.#before = {
      bytesIn: client.bytesRead - client.readableLength,
      bytesOut: client.bytesWritten,
    };
    client.setTimeout(0).setNoDelay(true);
    upstream.setTimeout(0).setNoDelay(true);
    this.#join('client', { from: client, to: upstream, frames: this.#up });
    this.#join('upstream', { from: upstream, to: client, frames: this.#down });
  }

  #join(
    side: Side,
    { from, to, frames }: { from: Socket; to: Socket; frames: FrameScanner },
  ): void {
    from.on('error', () => {});
    from.on('data', (bytes: Buffer) => frames.scan(bytes));
    from.once('end', () => (this.#first ??= side));
    from.once('close', () => {
      this.#first ??= side;
      to.end();
      this.#finish();
    });
    to.once('finish', () => this.#linger());
    from.pipe(to);
    if (from.destroyed) from.emit('close');
  }

  /** Ends the WebSocket with close code 1001 on both sides. A side within a frame is closed without a close frame. */
  stop(): void {
    if (this.#first === null) this.#first = 'stopped';
    this.#client.unpipe().resume();
    this.#upstream.unpipe().resume();
    const payload = toClosePayload({ code: GOING_AWAY, reason: 'Paddock is stopping' });
    if (this.#down.isBetweenFrames)
      this.#client.end(toFrame({ opcode: CLOSE, payload, mask: null }));
    else this.#client.destroy();
    if (this.#up.isBetweenFrames)
      this.#upstream.end(toFrame({ opcode: CLOSE, payload, mask: randomBytes(4) }));
    else this.#upstream.destroy();
    this.#linger();
  }

  /** Closes both connections at once. */
  destroy(): void {
    if (this.#first === null) this.#first = 'stopped';
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #linger(): void {
    this.#lingering ??= setTimeout(() => {
      this.#client.destroy();
      this.#upstream.destroy();
    }, LINGER_MS).unref();
  }

  #finish(): void {
    if (this.#hasEnded || !this.#client.closed || !this.#upstream.closed) return;
    this.#hasEnded = true;
    clearTimeout(this.#lingering);
    const { bytesIn, bytesOut } = this.#before;
    this.#ended({
      end: this.#toEnd(),
      bytesIn: this.#client.bytesRead - bytesIn,
      bytesOut: this.#client.bytesWritten - bytesOut,
    });
  }

  #toEnd(): ExchangeEnd {
    if (this.#first === 'stopped') return 'cut_off';
    if (this.#up.sawClose || this.#down.sawClose) return 'complete';
    return this.#first === 'client' ? 'client_gone' : 'upstream_gone';
  }
}
