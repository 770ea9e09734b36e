import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Transform } from 'node:stream';
import { errors, type Dispatcher } from 'undici';
import type { UpstreamFailure } from '../exchange/exchange.ts';
import { ClientGone } from '../gateway/client-gone.ts';
import type { HeaderRecord } from '../gateway/headers.ts';
import { toDecodedHeaders, type AnswerRecord, type UpstreamAnswer } from '../gateway/transport.ts';
import { UpstreamTimeout } from '../gateway/upstream-timeout.ts';
import { PipedResponse } from './piped-response.ts';

/** What an answer flows into. */
export interface Sink {
  /** Takes bytes; false where it wants no more until `NodeAnswer.resume` is called. */
  write(bytes: Uint8Array): boolean;
  /** Takes the last bytes. */
  end(bytes: Uint8Array | null): void;
  fail(error: Error): void;
}

/** What is held at most of an answer that has nowhere to flow yet, in bytes. */
const MOST_HELD = 64 * 1024;

// A map, because an upstream may name an encoding like a property of every object.
const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['br', createBrotliDecompress],
]);

/**
 * An upstream's answer as undici tells of it, piece by piece. What arrives in one tick leaves in one piece: on the way
 * there are then as few system calls as packets.
 */
export class NodeAnswer implements Dispatcher.DispatchHandler, UpstreamAnswer {
  status = 0;
  headers: HeaderRecord = {};
  readonly #settle: { started(): void; failed(error: Error): void };
  readonly #keepEncoding: boolean;
  #controller: Dispatcher.DispatchController | null = null;
  #decoder: Transform | null = null;
  #record: AnswerRecord | null = null;
  #sink: Sink | null = null;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isFlushing = false;
  #state: 'waiting' | 'flowing' | 'ended' | 'failed' | 'abandoned' = 'waiting';

  constructor(
    settle: { started(): void; failed(error: Error): void },
    { keepEncoding = false }: { readonly keepEncoding?: boolean } = {},
  ) {
    this.#settle = settle;
    this.#keepEncoding = keepEncoding;
  }

  /** Ends the upstream's request, unless it has ended. */
  abandon(): void {
    if (this.#state === 'ended' || this.#state === 'failed') return;
    const reason = new ClientGone();
    if (this.#state === 'waiting') this.#settle.failed(reason);
    this.#state = 'abandoned';
    this.#decoder?.destroy();
    this.#controller?.abort(reason);
  }

  toResponse(headers: HeaderRecord, record?: AnswerRecord): Response {
    this.#record = record ?? null;
    for (const chunk of this.#held) record?.tail?.add(chunk);
    return new PipedResponse(this, headers);
  }

  /** Lets the answer flow, from its first byte on. */
  flowInto(sink: Sink): void {
    this.#sink = sink;
    if (this.#state === 'abandoned') return;
    this.#flush();
  }

  /** Goes on after a sink was full. */
  resume(): void {
    (this.#decoder ?? this.#controller)?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It may have waited long for a connection.
    if (this.#state === 'abandoned') controller.abort(new ClientGone());
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    received: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    // HTTP knows none of these, and no response can carry one.
    if (status > 599) return controller.abort(new RangeError(`The upstream's status is ${status}`));
    // Several of one name, which undici keeps apart, are one list to HTTP.
    for (const name in received) {
      if (Array.isArray(received[name])) received[name] = received[name].join(', ');
    }
    const headers = received as HeaderRecord;
    const encoding = headers['content-encoding'];
    const decode =
      encoding === undefined || this.#keepEncoding ? undefined : DECODERS.get(encoding);
    if (decode !== undefined) this.#decodeWith(decode(), controller);
    this.status = status;
    this.headers = decode === undefined ? headers : toDecodedHeaders(headers);
    this.#state = 'flowing';
    this.#settle.started();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const decoder = this.#decoder;
    if (decoder === null) return this.#take(chunk);
    if (decoder.write(chunk)) return;
    controller.pause();
    decoder.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#decoder === null) this.#end();
    else this.#decoder.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #decodeWith(decoder: Transform, controller: Dispatcher.DispatchController): void {
    this.#decoder = decoder;
    decoder.on('data', (chunk: Uint8Array) => this.#take(chunk));
    decoder.once('end', () => this.#end());
    decoder.once('error', (error) => {
      this.#fail(error);
      controller.abort(error);
    });
  }

  #take(chunk: Uint8Array): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.byteLength;
    this.#record?.tail?.add(chunk);
    if (this.#sink !== null) this.#flushSoon();
    else if (this.#heldBytes > MOST_HELD) this.#pause();
  }

  #end(): void {
    if (this.#state !== 'flowing') return;
    this.#state = 'ended';
    if (this.#sink !== null) this.#flushSoon();
  }

  #fail(error: Error): void {
    const isLate = error instanceof errors.HeadersTimeoutError;
    if (this.#state === 'waiting') this.#settle.failed(isLate ? new UpstreamTimeout() : error);
    else if (this.#state === 'flowing') {
      if (this.#record !== null) this.#record.upstreamFailure = toFailure(error);
      // What arrived before is the client's.
      if (this.#sink !== null) this.#flush();
      this.#sink?.fail(error);
    }
    if (this.#state !== 'abandoned') this.#state = 'failed';
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    const sink = this.#sink;
    if (sink === null || this.#state === 'abandoned') return;
    const bytes = this.#release();
    if (this.#state === 'ended') return sink.end(bytes);
    if (this.#state === 'failed') {
      if (bytes !== null) sink.write(bytes);
      return sink.fail(new Error('The upstream broke off'));
    }
    if (bytes === null || sink.write(bytes)) return this.resume();
    this.#pause();
  }

  #release(): Uint8Array | null {
    const held = this.#held;
    if (held.length === 0) return null;
    this.#held = [];
    this.#heldBytes = 0;
    return held.length === 1 ? (held[0] ?? null) : Buffer.concat(held);
  }

  #pause(): void {
    (this.#decoder ?? this.#controller)?.pause();
  }
}

function toFailure(error: Error): UpstreamFailure {
  return error instanceof errors.BodyTimeoutError ? 'timed_out' : 'upstream_gone';
}
