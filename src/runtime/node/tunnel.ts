import { randomBytes } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ExchangeEnd } from '../../telemetry/exchange.ts';
import type { TunnelEnd, UpgradedResponse } from '../upgraded-response.ts';
import { CLOSE, FrameScanner, GOING_AWAY, toClosePayload, toFrame } from '../web-socket-frames.ts';
import { takeOver } from './accept-upgrade.ts';

/** How long one side may stay open after the other has ended, in milliseconds. */
const LINGER_MS = 2000;

type Side = 'client' | 'upstream';

/** Joins a WebSocket's connections byte for byte. It tracks frames, to see how it ends and to end between them. */
class Tunnel {
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
    this.#first ??= 'stopped';
    const payload = toClosePayload({ code: GOING_AWAY, reason: 'Paddock is stopping' });
    for (const [to, frames, mask] of [
      [this.#client, this.#down, null],
      [this.#upstream, this.#up, randomBytes(4)],
    ] as const) {
      to.unpipe().resume();
      if (frames.isBetweenFrames) to.end(toFrame({ opcode: CLOSE, payload, mask }));
      else to.destroy();
    }
    this.#linger();
  }

  destroy(): void {
    this.#first ??= 'stopped';
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #linger(): void {
    this.#lingering ??= setTimeout(() => this.destroy(), LINGER_MS).unref();
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

/** Creates the set of WebSockets of a Node server, which does not track them itself. */
export function createTunnels() {
  const open = new Set<Tunnel>();
  let isStopping = false;
  return {
    /** Joins the client that waits for this response with the upstream. */
    open(response: UpgradedResponse, outgoing: ServerResponse): void {
      const { upstream, headers } = response;
      const client = takeOver(outgoing);
      if (client === null) {
        upstream.destroy();
        throw new Error('The connection of a WebSocket cannot be taken over');
      }
      client.write(toHead(headers));
      const tunnel: Tunnel = new Tunnel({
        client,
        upstream,
        ended: (end) => {
          open.delete(tunnel);
          response.ended(end);
        },
      });
      open.add(tunnel);
      if (isStopping) tunnel.stop();
    },
    /** Ends all WebSockets, and those opened later at once. */
    stop(): void {
      isStopping = true;
      for (const tunnel of open) tunnel.stop();
    },
    /** Closes the remaining WebSockets at once. */
    destroy(): void {
      for (const tunnel of open) tunnel.destroy();
    },
  };
}

function toHead(headers: Headers): string {
  const lines = [`HTTP/1.1 101 ${STATUS_CODES[101]}`, 'connection: Upgrade', 'upgrade: websocket'];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
