/** What an answer must be, and where its body goes. */
export interface AnswerSink {
  readonly status: number;
  /** A line that the head must contain, or null. */
  readonly header: string | null;
  /** Takes a part of the body, without its framing: a range of a buffer. */
  body(buffer: Buffer, range: { from: number; to: number }): void;
  /** The answer is complete. */
  end(): void;
}

const LF = 0x0a;
const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/iu;
const CHUNKED = /\r\ntransfer-encoding: *chunked/iu;

/** Reads HTTP/1.1 answers from a connection. It knows only as much of the protocol as the targets use. */
export class AnswerReader {
  readonly #sink: AnswerSink;
  #state: 'head' | 'whole' | 'size' | 'chunk' | 'chunk-end' | 'trailer' = 'head';
  /** How many bytes of the body, or of its chunk, are still to come. */
  #left = 0;
  #rest: Buffer | null = null;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /**
   * Reads bytes that have arrived. The caller may overwrite them afterwards.
   * @throws if the status, the header or the framing is not as expected
   */
  push(bytes: Buffer): void {
    const buffer = this.#rest === null ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#rest = null;
    for (let at = 0; at < buffer.length;) {
      const next = this.#read(buffer, at);
      if (next === null) {
        this.#rest = Buffer.from(buffer.subarray(at));
        return;
      }
      at = next;
    }
  }

  /** Returns where the next part begins, or null if this one is not complete. */
  #read(buffer: Buffer, at: number): number | null {
    if (this.#state === 'head') return this.#readHead(buffer, at);
    if (this.#state === 'whole' || this.#state === 'chunk') return this.#readBody(buffer, at);
    const end = buffer.indexOf(LF, at);
    if (end === -1) return null;
    if (this.#state === 'size') {
      this.#left = Number.parseInt(buffer.toString('latin1', at, end), 16);
      if (Number.isNaN(this.#left)) throw new Error('Expected the size of a chunk');
      this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    } else if (this.#state === 'chunk-end') {
      if (end - at !== 1) throw new Error('A chunk is longer than its size');
      this.#state = 'size';
    } else if (end - at === 1) this.#end();
    return end + 1;
  }

  #readHead(buffer: Buffer, at: number): number | null {
    const end = buffer.indexOf(HEAD_END, at);
    if (end === -1) return null;
    const head = buffer.toString('latin1', at, end);
    const { status, header } = this.#sink;
    if (!head.startsWith(`HTTP/1.1 ${status} `) || (header !== null && !head.includes(header))) {
      const received = buffer.toString('latin1', at, at + 1000).replaceAll(/\s+/gu, ' ');
      throw new Error(`Expected ${status} ${header ?? ''} but received ${received}`);
    }
    const length = status === 304 ? '0' : LENGTH.exec(head)?.[1];
    if (length !== undefined) {
      this.#left = Number(length);
      this.#state = 'whole';
      if (this.#left === 0) this.#end();
    } else if (CHUNKED.test(head)) this.#state = 'size';
    else throw new Error(`Expected a length or chunks but received ${head}`);
    return end + HEAD_END.length;
  }

  #readBody(buffer: Buffer, from: number): number {
    const to = Math.min(buffer.length, from + this.#left);
    this.#left -= to - from;
    this.#sink.body(buffer, { from, to });
    if (this.#left === 0) {
      if (this.#state === 'whole') this.#end();
      else this.#state = 'chunk-end';
    }
    return to;
  }

  #end(): void {
    this.#state = 'head';
    this.#sink.end();
  }
}
