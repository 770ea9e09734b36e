import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ExchangeEnd } from '../../telemetry/exchange.ts';
import type { UpgradedResponse } from '../upgraded-response.ts';
import * as frames from '../web-socket-frames.ts';
import type { Closing, FrameHead } from '../web-socket-frames.ts';

/** How long the upstream may take to close after the client's side has closed, in milliseconds. */
const LINGER_MS = 2000;

/** Bun's codes for a close frame without a code, and for a broken connection. */
const NO_CODE = 1005;
const BROKEN = 1006;

type BunClient = Bun.ServerWebSocket<BunWebSocket>;

/**
 * Relays a WebSocket between Bun's server, which handles messages instead of bytes, and the connection to an upstream.
 * Bun answers the client's pings; the client answers the upstream's pings.
 */
export class BunWebSocket {
  readonly #response: UpgradedResponse;
  readonly #upstream: Socket;
  readonly #maxBytes: number;
  #client: BunClient | null = null;
  /** The message that is arriving from the upstream, and the control frame, which may stand within it. */
  #message: { opcode: number; bytes: number; pieces: Uint8Array[] } | null = null;
  #control: Uint8Array[] = [];
  #isControl = false;
  #bytesIn = 0;
  #bytesOut = 0;
  #end: ExchangeEnd | null = null;

  constructor(response: UpgradedResponse, { maxBytes }: { maxBytes: number }) {
    this.#response = response;
    this.#upstream = response.upstream;
    this.#maxBytes = maxBytes;
  }

  /** Starts relaying when Bun has accepted the client. */
  open(client: BunClient): void {
    this.#client = client;
    const scanner = new frames.FrameScanner({
      begin: (head) => this.#begin(head),
      payload: (bytes) => (this.#isControl ? this.#control : this.#message?.pieces)?.push(bytes),
      end: (head) => this.#finish(head),
    });
    const gone = () => this.#terminate('upstream_gone');
    this.#upstream.setTimeout(0).setNoDelay(true);
    this.#upstream
      .on('data', (bytes: Buffer) => scanner.scan(bytes))
      .on('drain', () => client.resume())
      .once('end', gone)
      .once('close', gone)
      .resume();
    if (this.#upstream.destroyed) gone();
  }

  /** Ends the upstream's side if the client's side could not be opened. */
  abandon(): void {
    this.#upstream.destroy();
    this.#response.ended({ end: 'client_gone', bytesIn: 0, bytesOut: 0 });
  }

  receive(message: string | Buffer): void {
    const isText = typeof message === 'string';
    const payload = isText ? Buffer.from(message) : message;
    this.#bytesIn += payload.length;
    this.send(isText ? frames.TEXT : frames.BINARY, payload);
  }

  /** Continues after the client has caught up. */
  drain(): void {
    this.#upstream.resume();
  }

  /** Ends the WebSocket with close code 1001 on both sides. */
  stop(): void {
    this.#end ??= 'cut_off';
    this.#client?.close(frames.GOING_AWAY, 'Paddock is stopping');
  }

  /** Ends the upstream's side in the same way as the client's side ended. */
  close(code: number, reason: string): void {
    this.#end ??= code === BROKEN ? 'client_gone' : 'complete';
    if (code === BROKEN) this.#upstream.destroy();
    else {
      const closing: Closing = { code: code === NO_CODE ? null : code, reason };
      this.send(frames.CLOSE, frames.toClosePayload(closing));
      this.#upstream.end().resume();
      setTimeout(() => this.#upstream.destroy(), LINGER_MS).unref();
    }
    this.#response.ended({ end: this.#end, bytesIn: this.#bytesIn, bytesOut: this.#bytesOut });
  }

  send(opcode: number, payload: Uint8Array): void {
    if (!this.#upstream.writable) return;
    const hasRoom = this.#upstream.write(frames.toFrame({ opcode, payload, mask: randomBytes(4) }));
    if (!hasRoom && opcode !== frames.CLOSE) this.#client?.pause();
  }

  #terminate(end: ExchangeEnd): void {
    this.#end ??= end;
    this.#upstream.destroy();
    this.#client?.terminate();
  }

  #fail(code: number): void {
    this.#end ??= 'failed';
    this.#client?.close(code);
    this.#upstream.destroy();
  }

  #begin({ opcode, isMasked, reserved, length }: FrameHead): void {
    this.#isControl = opcode >= frames.CLOSE;
    const isContinuation = opcode === frames.CONTINUATION;
    const isOutOfTurn = !this.#isControl && isContinuation !== (this.#message !== null);
    if (isMasked || reserved !== 0 || isOutOfTurn || (this.#isControl && length > 125)) {
      return this.#fail(frames.PROTOCOL_ERROR);
    }
    if (this.#isControl) return;
    this.#message ??= { opcode, bytes: 0, pieces: [] };
    this.#message.bytes += length;
    if (this.#message.bytes > this.#maxBytes) this.#fail(frames.TOO_LARGE);
  }

  #finish({ opcode, isFinal }: FrameHead): void {
    // Data that arrives after a failure is dropped.
    if (this.#upstream.destroyed) return;
    if (this.#isControl) {
      const payload = Buffer.concat(this.#control);
      this.#control = [];
      return this.#passControl(opcode, payload);
    }
    if (!isFinal || this.#message === null) return;
    const { opcode: kind, bytes, pieces } = this.#message;
    this.#message = null;
    this.#bytesOut += bytes;
    const payload = Buffer.concat(pieces);
    const sent = this.#client?.send(kind === frames.TEXT ? payload.toString() : payload);
    // The client is too slow: Bun holds the rest.
    if (sent === -1) this.#upstream.pause();
  }

  #passControl(opcode: number, payload: Buffer): void {
    if (opcode === frames.PING) this.#client?.ping(payload);
    if (opcode !== frames.CLOSE) return;
    const { code, reason } = frames.readClosePayload(payload);
    this.#end ??= 'complete';
    this.#client?.close(code ?? NO_CODE, reason);
  }
}
