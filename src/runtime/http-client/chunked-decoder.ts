import { InvalidAnswer } from '../../upstream/invalid-answer.ts';

/** The maximum length of a chunk size with its extensions, and of all trailers, in bytes. */
const MAX_SIZE_BYTES = 4096;
const MAX_TRAILER_BYTES = 64 * 1024;
/** The largest chunk size that is counted exactly, in bytes. */
const MAX_CHUNK_BYTES = 2 ** 48;

const CR = 13;
const LF = 10;
const SEMICOLON = 59;

const NOTHING = Buffer.alloc(0);

/** The part of a chunked body that comes next. */
type State =
  | 'size'
  | 'size-blank'
  | 'size-rest'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-rest'
  | 'last-lf'
  | 'ended';

/** Decodes a chunked body (RFC 9112, section 7.1). */
export class ChunkedDecoder {
  #state: State = 'size';
  /** The chunk size from the digits read so far, then the number of its bytes still to come. */
  #left = 0;
  #hasDigits = false;
  /** The length of the current chunk size line or of the trailers so far, in bytes. */
  #lineBytes = 0;
  /** The number of bytes of the last `decode` call that belong to the body. */
  usedBytes = 0;
  /** The fault that follows the decoded data, or null. */
  fault: InvalidAnswer | null = null;

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** Decodes the next bytes and may overwrite them. Returns the data among them, in one piece. */
  decode(bytes: Buffer): Buffer {
    let at = 0;
    let start = 0;
    let end = 0;
    while (at < bytes.length && this.#state !== 'ended') {
      if (this.#state !== 'data') {
        this.#readByte(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      const next = Math.min(bytes.length, at + this.#left);
      // Join the pieces: sending one large piece to a client takes less time than sending many small ones.
      if (end === 0) start = at;
      else if (end !== at) bytes.copyWithin(end, at, next);
      end = end === 0 ? next : end + next - at;
      this.#left -= next - at;
      if (this.#left === 0) this.#state = 'data-cr';
      at = next;
    }
    this.usedBytes = at;
    return end === 0 ? NOTHING : bytes.subarray(start, end);
  }

  #readByte(byte: number): void {
    switch (this.#state) {
      case 'size':
        return this.#readSize(byte);
      case 'size-blank':
        return this.#endSize(byte);
      case 'size-rest':
        if (byte === CR) this.#state = 'size-lf';
        else if (byte === LF) this.#fail();
        return this.#countLine(MAX_SIZE_BYTES);
      case 'size-lf':
        this.#lineBytes = 0;
        return this.#require(byte === LF, this.#left === 0 ? 'trailer' : 'data');
      case 'data-cr':
        return this.#require(byte === CR, 'data-lf');
      case 'data-lf':
        this.#hasDigits = false;
        return this.#require(byte === LF, 'size');
      case 'trailer':
        this.#state = byte === CR ? 'last-lf' : 'trailer-rest';
        return this.#countLine(MAX_TRAILER_BYTES);
      case 'trailer-rest':
        if (byte === LF) this.#state = 'trailer';
        return this.#countLine(MAX_TRAILER_BYTES);
      default:
        return this.#require(byte === LF, 'ended');
    }
  }

  #readSize(byte: number): void {
    const digit = toDigit(byte);
    if (digit >= 0) {
      this.#left = this.#hasDigits ? this.#left * 16 + digit : digit;
      this.#hasDigits = true;
      if (this.#left > MAX_CHUNK_BYTES) this.#fail();
      return this.#countLine(MAX_SIZE_BYTES);
    }
    if (this.#hasDigits) this.#endSize(byte);
    else this.#fail();
  }

  /** Handles the byte after the size digits. Chunk extensions may follow and are ignored. */
  #endSize(byte: number): void {
    if (byte === CR) this.#state = 'size-lf';
    else if (byte === SEMICOLON) this.#state = 'size-rest';
    else this.#require(byte === 32 || byte === 9, 'size-blank');
    this.#countLine(MAX_SIZE_BYTES);
  }

  #require(isRight: boolean, next: State): void {
    if (isRight) this.#state = next;
    else this.#fail();
  }

  #countLine(max: number): void {
    this.#lineBytes += 1;
    if (this.#lineBytes > max) this.#fail();
  }

  #fail(): void {
    this.fault = new InvalidAnswer('sent a chunk without a valid size');
    this.#state = 'ended';
  }
}

/** The value of a hexadecimal digit, or -1. */
function toDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
