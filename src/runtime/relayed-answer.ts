import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Socket } from 'node:net';
import type { Transform } from 'node:stream';
import type { UpstreamFailure } from '../telemetry/exchange.ts';
import type { HeaderRecord } from '../gateway/headers.ts';
import {
  ClientGone,
  toDecodedHeaders,
  UpstreamTimeout,
  type AnswerRecord,
  type UpstreamAnswer,
} from '../gateway/transport.ts';
import { pickHandshake } from '../gateway/web-socket.ts';
import type { AnswerHandler } from './http-client/answer-reader.ts';
import type { Connection } from './http-client/connection.ts';
import type { ResponseHead } from './http-client/response-head.ts';
import type { ClientRequest } from './http-client/upstream-client.ts';
import { UpgradedResponse } from './upgraded-response.ts';

/** The destination of a response body. */
interface Sink {
  /** Writes bytes. Returns false if the sink accepts no more until it calls `RelayedAnswer.resume`. */
  write(bytes: Uint8Array): boolean;
  /** Writes the last bytes and ends the body. */
  end(bytes: Uint8Array | null): void;
  fail(error: Error): void;
}

/** The maximum size of the body that is held before a sink is attached, in bytes. */
const MAX_HELD = 64 * 1024;

// A map: an upstream may name an encoding like a property that every object has.
const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['br', createBrotliDecompress],
]);

/** Creates the response to the client. */
export type Respond = (answer: RelayedAnswer, headers: HeaderRecord) => Response;

/** Receives the state of a response. */
interface AnswerTarget {
  /** Called when the upstream's headers have arrived. */
  readonly started: () => void;
  readonly failed: (error: Error) => void;
  readonly respond: Respond;
}

/** An upstream's response, relayed as it arrives: the data of one tick in one piece, so in one system call. */
export class RelayedAnswer implements AnswerHandler, UpstreamAnswer {
  status = 0;
  headers: HeaderRecord = {};
  readonly #target: AnswerTarget;
  readonly #keepEncoding: boolean;
  /** Null before the request is sent, and after the connection may carry another request. */
  #connection: Connection | null = null;
  /** The connection after a change of protocol. */
  #upgraded: Socket | null = null;
  #decoder: Transform | null = null;
  #hasEncodedBytes = false;
  #record: AnswerRecord | null = null;
  #failure: UpstreamFailure | null = null;
  #sink: Sink | null = null;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #isFlushing = false;
  #state: 'waiting' | 'flowing' | 'ended' | 'failed' | 'abandoned' = 'waiting';

  constructor(target: AnswerTarget, { keepEncoding = false }: ClientRequest) {
    this.#target = target;
    this.#keepEncoding = keepEncoding;
  }

  /** Sets the connection that carries the response. */
  comeFrom(connection: Connection): void {
    this.#connection = connection;
  }

  /** Ends the upstream's request, unless it has ended. */
  abandon(): void {
    if (this.#state === 'ended' || this.#state === 'failed') return;
    if (this.#state === 'waiting') this.#target.failed(new ClientGone());
    this.#state = 'abandoned';
    this.#decoder?.destroy();
    this.#connection?.destroy();
    this.#connection = null;
  }

  /** Ends the upstream's request as if it had failed, unless it has ended. */
  failWith(reason: Error): void {
    if (this.#state === 'ended') return;
    this.#connection?.destroy();
    this.onError(reason);
  }

  /** Returns the whole body if it has already arrived and no sink is attached; otherwise null. */
  takeWholeBody(): Uint8Array | null {
    return this.#state === 'ended' && this.#sink === null
      ? (this.#release() ?? new Uint8Array(0))
      : null;
  }

  toResponse(headers: HeaderRecord, record?: AnswerRecord): Response {
    if (this.#upgraded !== null) {
      return new UpgradedResponse(this.#upgraded, { ...headers, ...pickHandshake(this.headers) });
    }
    this.#record = record ?? null;
    // The answer may have broken off in the packet that brought its head.
    if (record !== undefined && this.#failure !== null) record.upstreamFailure = this.#failure;
    for (const chunk of this.#held) record?.tail?.add(chunk);
    return this.#target.respond(this, headers);
  }

  /** Sends the body to a sink, from the first byte on. */
  pipeTo(sink: Sink): void {
    this.#sink = sink;
    if (this.#state === 'abandoned') return;
    this.#flush();
  }

  /** Continues after a sink was full. */
  resume(): void {
    (this.#decoder ?? this.#connection)?.resume();
  }

  onHead({ status, headers }: ResponseHead): void {
    const encoding = headers['content-encoding'];
    const decode =
      encoding === undefined || this.#keepEncoding
        ? undefined
        : DECODERS.get(encoding.toLowerCase());
    if (decode !== undefined) this.#decodeWith(decode());
    this.status = status;
    this.headers = decode === undefined ? headers : toDecodedHeaders(headers);
    this.#state = 'flowing';
    this.#target.started();
  }

  onData(chunk: Uint8Array): void {
    const decoder = this.#decoder;
    if (decoder === null) return this.#take(chunk);
    this.#hasEncodedBytes = true;
    if (decoder.write(chunk)) return;
    this.#connection?.pause();
    decoder.once('drain', () => this.#connection?.resume());
  }

  onEnd(): void {
    this.#connection = null;
    // An empty body is whole, though it is no valid gzip.
    if (this.#decoder === null || !this.#hasEncodedBytes) this.#end();
    else this.#decoder.end();
  }

  onUpgrade(socket: Socket): void {
    this.#upgraded = socket;
    this.onEnd();
  }

  onError(error: Error): void {
    this.#connection = null;
    this.#fail(error);
  }

  #decodeWith(decoder: Transform): void {
    this.#decoder = decoder;
    decoder.on('data', (chunk: Uint8Array) => this.#take(chunk));
    decoder.once('end', () => this.#end());
    decoder.once('error', (error) => {
      this.#connection?.destroy();
      this.#connection = null;
      this.#fail(error);
    });
  }

  #take(chunk: Uint8Array): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.byteLength;
    this.#record?.tail?.add(chunk);
    if (this.#sink !== null) this.#flushSoon();
    else if (this.#heldBytes > MAX_HELD) this.#pause();
  }

  #end(): void {
    if (this.#state !== 'flowing') return;
    this.#state = 'ended';
    if (this.#sink !== null) this.#flushSoon();
  }

  #fail(error: Error): void {
    if (this.#state === 'waiting') this.#target.failed(error);
    else if (this.#state === 'flowing') {
      this.#failure = error instanceof UpstreamTimeout ? 'timed_out' : 'upstream_gone';
      if (this.#record !== null) this.#record.upstreamFailure = this.#failure;
      // Send what arrived before the failure to the client.
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
    (this.#decoder ?? this.#connection)?.pause();
  }
}
