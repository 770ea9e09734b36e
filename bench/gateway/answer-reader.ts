/** What becomes of an answer. */
export interface AnswerSink {
  /** Some of the body's bytes, without what framed them: those of the buffer from one place to another. */
  body(buffer: Buffer, range: { from: number; to: number }): void;
  /** The answer was whole. */
  end(): void;
}

const LF = 0x0a;
const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/iu;
const CHUNKED = /\r\ntransfer-encoding: *chunked/iu;

/** Reads one HTTP/1.1 answer after the other from a connection: no more of the protocol than the targets speak. */
export class AnswerReader {
  readonly #sink: AnswerSink;
  #state: 'head' | 'whole' | 'size' | 'chunk' | 'chunk-end' | 'trailer' = 'head';
  /** How much of the body, or of its chunk, is yet to come. */
  #left = 0;
  #rest: Buffer | null = null;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /**
   * Takes what has arrived, and keeps nothing of it that may be overwritten.
   * @throws where the status is not 200, or the framing is not what it should be
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

  /** Where the next part begins, or null where this one has not all arrived. */
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
      if (end - at !== 1) throw new Error('Expected a chunk to end where it said');
      this.#state = 'size';
    } else if (end - at === 1) this.#end();
    return end + 1;
  }

  #readHead(buffer: Buffer, at: number): number | null {
    const end = buffer.indexOf(HEAD_END, at);
    if (end === -1) return null;
    const head = buffer.toString('latin1', at, end);
    if (!head.startsWith('HTTP/1.1 200 ')) {
      const received = buffer.toString('latin1', at, at + 1000).replaceAll(/\s+/gu, ' ');
      throw new Error(`Expected status 200 but received ${received}`);
    }
    const length = LENGTH.exec(head)?.[1];
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
