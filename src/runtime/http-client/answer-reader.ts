import type { Socket } from 'node:net';
import { InvalidAnswer } from '../../upstream/invalid-answer.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import {
  parseResponseHead,
  toForbidden,
  toNoAnswer,
  type AskedHead,
  type ResponseHead,
} from './response-head.ts';

/** The maximum size of a response head, in bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

const CR = 13;
const HEAD_END = '\r\n\r\n';
const BEGINNING = 'HTTP/1.';

/** Receives a response, or the error that prevented it. No call follows `onEnd`, `onError` or `onUpgrade`. */
export interface AnswerHandler {
  onHead(head: ResponseHead): void;
  /** Receives bytes of the body. The receiver may keep the buffer. */
  onData(bytes: Buffer): void;
  onEnd(): void;
  onError(error: Error): void;
  /** Receives the connection after a change of protocol. It is paused. */
  onUpgrade(socket: Socket): void;
}

type AnswerReceiver = Pick<AnswerHandler, 'onHead' | 'onData'>;

/** Parses one response from the bytes that a connection receives. It does no I/O. */
export class AnswerReader {
  readonly #asked: AskedHead;
  readonly #receiver: AnswerReceiver;
  /** The buffer that collects an incomplete head, and the number of bytes in it. */
  #held: Buffer | null = null;
  #heldBytes = 0;
  #chunked: ChunkedDecoder | null = null;
  /** The number of bytes left of a body whose length is known. */
  #left = 0;
  head: ResponseHead | null = null;
  hasEnded = false;

  constructor(asked: AskedHead, receiver: AnswerReceiver) {
    this.#asked = asked;
    this.#receiver = receiver;
  }

  /** Consumes the next bytes. Returns how many belong to the response. Throws `InvalidAnswer`. */
  read(bytes: Buffer): number {
    let at = 0;
    while (this.head === null && at < bytes.length) at += this.#readHead(bytes.subarray(at));
    if (this.hasEnded || at === bytes.length) return at;
    return at + this.#readBody(at === 0 ? bytes : bytes.subarray(at));
  }

  /** Handles the end of the connection. Returns whether the response is complete. */
  finish(): boolean {
    if (this.head?.framing === 'close') this.hasEnded = true;
    return this.hasEnded;
  }

  #readHead(bytes: Buffer): number {
    const heldBytes = this.#heldBytes;
    const all = this.#hold(bytes);
    // The end marker may begin in the bytes received before.
    const end = all.indexOf(HEAD_END, Math.max(0, heldBytes - HEAD_END.length));
    if (end > MAX_HEAD_BYTES || (end === -1 && all.length > MAX_HEAD_BYTES)) {
      throw new InvalidAnswer(`sent more than ${MAX_HEAD_BYTES / 1024} KiB of headers`);
    }
    if (end === -1) {
      requireBeginning(all);
      return bytes.length;
    }
    this.#held = null;
    this.#heldBytes = 0;
    const head = parseResponseHead(all.toString('latin1', 0, end), this.#asked);
    if (head !== null) this.#begin(head);
    return end + HEAD_END.length - heldBytes;
  }

  /** Returns the bytes of the head received so far. Copies bytes only if the head arrives in several pieces. */
  #hold(bytes: Buffer): Buffer {
    if (this.#held === null && bytes.includes(HEAD_END)) return bytes;
    const length = this.#heldBytes + bytes.length;
    if (this.#held === null || this.#held.length < length) {
      const held = Buffer.allocUnsafe(Math.max(1024, length * 2));
      this.#held?.copy(held, 0, 0, this.#heldBytes);
      this.#held = held;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = length;
    return this.#held.subarray(0, length);
  }

  #begin(head: ResponseHead): void {
    this.head = head;
    if (head.framing === 'chunked') {
      this.#chunked = new ChunkedDecoder();
    } else if (head.framing !== 'close') {
      this.#left = head.framing;
      this.hasEnded = head.framing === 0;
    }
    this.#receiver.onHead(head);
  }

  #readBody(bytes: Buffer): number {
    if (this.#chunked !== null) {
      const data = this.#chunked.decode(bytes);
      if (data.length > 0) this.#receiver.onData(data);
      if (this.#chunked.fault !== null) throw this.#chunked.fault;
      this.hasEnded = this.#chunked.hasEnded;
      return this.#chunked.usedBytes;
    }
    if (this.head?.framing === 'close') {
      this.#receiver.onData(bytes);
      return bytes.length;
    }
    const used = Math.min(bytes.length, this.#left);
    this.#left -= used;
    this.hasEnded = this.#left === 0;
    this.#receiver.onData(used === bytes.length ? bytes : bytes.subarray(0, used));
    return used;
  }
}

/** Rejects bytes that cannot become an HTTP/1 response: waiting for more of them is useless. */
function requireBeginning(bytes: Buffer): void {
  const beginning = bytes.toString('latin1', 0, BEGINNING.length);
  if (!BEGINNING.startsWith(beginning)) throw toNoAnswer(bytes.toString('latin1', 0, 200));
  // A head with line breaks of its own would be waited for without end.
  const lineEnd = bytes.indexOf('\n');
  if (lineEnd > 0 && bytes[lineEnd - 1] !== CR) throw toForbidden('\n');
}
