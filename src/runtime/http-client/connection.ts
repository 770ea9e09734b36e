import type { Socket } from 'node:net';
import type { BodyReader } from '../../gateway/read-bytes.ts';
import { UpstreamTimeout, type UpstreamTimeouts } from '../../gateway/transport.ts';
import { AnswerReader, type AnswerHandler } from './answer-reader.ts';
import type { OpenSocket } from './open-socket.ts';
import type { AskedHead } from './response-head.ts';
import { sendStream } from './send-stream.ts';

/** A request as a connection sends it. */
export interface SentRequest extends AskedHead {
  /** The request line and the headers, with the empty line after them. */
  readonly head: string;
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** The length of a streamed body in bytes; null if it is sent in chunks. */
  readonly length: number | null;
  readonly timeouts: UpstreamTimeouts;
  readonly handler: AnswerHandler;
}

/** Receives the state changes of a connection. */
export interface ConnectionOwner {
  /** Called when the connection may carry another request. */
  idle(connection: Connection): void;
  /** Called when the connection ends. */
  ended(connection: Connection, how: { byUpstream: boolean }): void;
}

/** A body up to this size, in bytes, is sent in one write with its head. */
const SMALL_BODY_BYTES = 16 * 1024;

/** One connection to an upstream. It carries one request at a time and never resends a request. */
export class Connection {
  /** How long the upstream says it keeps the idle connection open, in milliseconds, or null. */
  hintMs: number | null = null;
  /** When the connection became idle, by the pool's clock (`performance.now()`). */
  idleSince = 0;
  /** How long the connection was idle before its request, in milliseconds; null for the first request. */
  reusedAfterMs: number | null = null;
  /** Whether any byte of the response to the request has arrived. */
  isAnswered = false;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #isReady = false;
  #hasEnded = false;
  #isPaused = false;
  #request: SentRequest | null = null;
  #reader: AnswerReader | null = null;
  /** Ends the body stream that is being sent. */
  #sending: AbortController | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: OpenSocket, owner: ConnectionOwner) {
    this.#owner = owner;
    const socket = open(() => {
      this.#isReady = true;
      if (this.#request !== null) this.#write(this.#request);
    });
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.once('end', () => this.#end());
    socket.on('error', (error) => this.#close(error));
    socket.once('close', () => this.#close(toClosed()));
  }

  get isIdle(): boolean {
    return this.#request === null;
  }

  send(request: SentRequest): void {
    this.#request = request;
    this.#reader = new AnswerReader(request, request.handler);
    this.isAnswered = false;
    if (!(request.body instanceof ReadableStream)) this.#startTimer('firstByteMs');
    if (this.#isReady) this.#write(request);
  }

  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#reader?.head !== null) this.#startTimer('idleMs');
    this.#socket.resume();
  }

  /** Closes the connection at once. Its handler receives no further call. */
  destroy(): void {
    this.#leave({ byUpstream: false });
  }

  #write({ head, body, length }: SentRequest): void {
    if (body instanceof Uint8Array && body.byteLength <= SMALL_BODY_BYTES) {
      const bytes = Buffer.allocUnsafe(head.length + body.byteLength);
      bytes.write(head, 'latin1');
      bytes.set(body, head.length);
      this.#socket.write(bytes);
      return;
    }
    this.#socket.write(head, 'latin1');
    if (body instanceof Uint8Array) this.#socket.write(body);
    else if (body !== null) this.#writeStream(body, length);
  }

  #writeStream(body: ReadableStream<Uint8Array>, length: number | null): void {
    const sending = new AbortController();
    const reader: BodyReader = body.getReader();
    this.#sending = sending;
    sending.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
    const sent = () => {
      if (this.#sending !== sending) return;
      this.#sending = null;
      if (this.#reader?.head === null) this.#startTimer('firstByteMs');
    };
    const failed = (error: unknown) => {
      if (this.#sending === sending) this.#fail(error as Error, { byUpstream: false });
    };
    sendStream(this.#socket, { reader, length, ending: sending.signal }).then(sent, failed);
  }

  #read(bytes: Buffer): void {
    const reader = this.#reader;
    // The upstream sent bytes without a request.
    if (reader === null) return this.destroy();
    this.isAnswered = true;
    let used: number;
    try {
      used = reader.read(bytes);
    } catch (error) {
      return this.#fail(error as Error, { byUpstream: false });
    }
    // The handler may have closed the connection.
    if (this.#reader !== reader) return;
    if (reader.head?.status === 101) return this.#handOver(bytes.subarray(used));
    if (reader.hasEnded) return this.#complete({ isClean: used === bytes.length });
    if (reader.head !== null && !this.#isPaused) this.#startTimer('idleMs');
  }

  #complete({ isClean }: { isClean: boolean }): void {
    const request = this.#request;
    const head = this.#reader?.head;
    const isSent = this.#sending === null && this.#socket.writableLength === 0;
    this.#settle();
    if (isClean && isSent && head?.keepsAlive === true) {
      this.hintMs = head.idleHintMs;
      this.resume();
      this.#owner.idle(this);
    } else {
      this.#leave({ byUpstream: false });
    }
    request?.handler.onEnd();
  }

  /** Hands the socket ended after a change of protocol. Every listener but that for data does nothing from now on. */
  #handOver(rest: Buffer): void {
    const request = this.#request;
    this.#hasEnded = true;
    this.#settle();
    this.#socket.removeAllListeners('data').pause();
    if (rest.length > 0) this.#socket.unshift(rest);
    request?.handler.onUpgrade(this.#socket);
  }

  #end(): void {
    if (this.#reader?.finish() === true) this.#complete({ isClean: false });
    else this.#close(toClosed());
  }

  #close(error: Error): void {
    if (!this.#hasEnded) this.#fail(error, { byUpstream: true });
  }

  #fail(error: Error, how: { byUpstream: boolean }): void {
    const request = this.#request;
    this.#leave(how);
    request?.handler.onError(error);
  }

  #leave(how: { byUpstream: boolean }): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#owner.ended(this, how);
    this.#settle();
    this.#socket.destroy();
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#request = null;
    this.#reader = null;
    this.#sending?.abort();
    this.#sending = null;
  }

  #startTimer(limit: keyof UpstreamTimeouts): void {
    clearTimeout(this.#timer);
    const milliseconds = this.#request?.timeouts[limit] ?? null;
    if (milliseconds === null) return;
    const giveUp = () => this.#fail(new UpstreamTimeout(), { byUpstream: false });
    this.#timer = setTimeout(giveUp, milliseconds);
  }
}

function toClosed(): Error {
  return Object.assign(new Error('The upstream closed the connection'), { code: 'ECONNRESET' });
}
