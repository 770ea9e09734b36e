import { PaddockError } from '../errors.ts';
import { isHeaderLine, readFieldName } from './multipart-headers.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_MODEL_BYTES = 4096;
/** The most characters after a boundary on its line, including the white space that is allowed there. */
const MAX_BOUNDARY_TAIL = 256;

/** How many bytes are compared one by one before the native search starts. */
const NEAR = 8;

const LF = 0x0a;
const encoder = new TextEncoder();
// Latin-1 decodes each byte to one character, so chunks may be split anywhere.
const latin1 = new TextDecoder('latin1');

/** The position of the model's value, as byte offsets from the start of the form. */
export interface ModelSpan {
  readonly start: number;
  readonly end: number;
  /** Whether the boundary follows the part's headers directly, without a line end of its own. */
  readonly isBare: boolean;
}

/**
 * Scans a form in chunks of any size and keeps none of them. It recognizes parts like Go's `mime/multipart`, which
 * llama-swap uses: the first boundary's line sets the line end, CRLF or bare LF; white space may follow a boundary; text
 * before the first boundary and after the last is skipped.
 */
export class MultipartScanner {
  /** The position of the model's value, or null before its end is found. */
  model: ModelSpan | null = null;
  /** The offset of the form's first boundary, or null before its line is complete. */
  firstBoundary: number | null = null;
  newline = '\r\n';

  readonly #boundary: string;
  #state: 'content' | 'boundary line' | 'headers' | 'epilogue' = 'content';
  #needle: Uint8Array;
  /** The number of bytes of the needle that have matched. The start of the form counts as the start of a line. */
  #matched = 1;
  /** The unfinished line: a header line, or the text after a boundary. */
  #line = '';
  #headers: string[] = [];
  #headerBytes = 0;
  /** Whether the current part is the model field, and whether any part was. */
  #isModel = false;
  #hasModel = false;
  /** Offsets: of the current chunk, of the part's content, of the line end before the latest boundary. */
  #position = 0;
  #contentStart = 0;
  #boundaryStart = 0;

  constructor(boundary: string) {
    this.#boundary = boundary;
    // Both line ends, CRLF and LF, end with LF.
    this.#needle = encoder.encode(`\n--${boundary}`);
  }

  /** Scans the next bytes. Throws `invalid_request`, or `invalid_model_id` if the model is too long. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'epilogue') {
      if (this.#state === 'content') at = this.#findBoundary(chunk, at);
      else if (this.#state === 'headers') at = this.#readHeaders(chunk, at);
      else this.#readBoundaryLine(chunk[at++] ?? LF);
    }
    this.#position += chunk.length;
    if (this.#state === 'content') this.#checkModel(this.#position - this.#matched);
  }

  /** Ends the scan. Throws `invalid_request` if the form ends before its closing boundary. */
  end(): void {
    if (this.#state === 'boundary line' && /^--[ \t]*$/u.test(this.#line)) this.#endPart();
    if (this.#state !== 'epilogue') throw refusal(this.firstBoundary === null ? NONE : CUT_OFF);
  }

  /**
   * Scans content for the next boundary and returns the offset after it, or the end of the chunk. The needle begins with
   * its line end, which occurs nowhere else in it. After a failed match, a new one can only begin at the byte that failed,
   * so no byte is compared twice.
   */
  #findBoundary(chunk: Uint8Array, from: number): number {
    const needle = this.#needle;
    const [first, whole, end] = [needle[0], needle.length, chunk.length];
    let matched = this.#matched;
    let at = from;
    while (at < end && matched < whole) {
      if (matched === 0) {
        at = this.#findLineEnd(chunk, at);
        if (at === end) break;
      }
      const byte = chunk[at++];
      if (byte === needle[matched]) matched++;
      else matched = byte === first ? 1 : 0;
    }
    this.#matched = matched;
    if (matched === whole) {
      this.#boundaryStart = this.#position + at - whole;
      this.#state = 'boundary line';
      this.#line = '';
    }
    return at;
  }

  #findLineEnd(chunk: Uint8Array, from: number): number {
    const first = this.#needle[0] ?? LF;
    // If line ends are close together, calling the native search for each costs more than this loop.
    const near = Math.min(from + NEAR, chunk.length);
    for (let at = from; at < near; at++) if (chunk[at] === first) return at;
    const found = chunk.indexOf(first, near);
    return found === -1 ? chunk.length : found;
  }

  #readBoundaryLine(byte: number): void {
    this.#line += String.fromCharCode(byte);
    if (this.#line === '-') return;
    if (!/^(?:--|[ \t\r\n])/u.test(this.#line)) {
      // A longer word that begins with the boundary is content.
      this.#state = 'content';
      this.#matched = byte === this.#needle[0] ? 1 : 0;
      return;
    }
    const isSound = /^(?:--)?[ \t]*\r?\n?$/u.test(this.#line);
    if (!isSound || this.#line.length > MAX_BOUNDARY_TAIL) throw refusal(NO_BOUNDARY);
    if (byte === LF) this.#endPart();
  }

  #endPart(): void {
    const newline = /\r?\n$/u.exec(this.#line)?.[0] ?? this.newline;
    if (this.firstBoundary === null) {
      this.firstBoundary = this.#boundaryStart + 1;
      this.newline = newline;
      this.#needle = encoder.encode(`${newline}--${this.#boundary}`);
    }
    if (newline !== this.newline) throw refusal(NO_BOUNDARY);
    if (this.#isModel) this.#endModel();
    this.#state = this.#line.startsWith('--') ? 'epilogue' : 'headers';
    this.#isModel = false;
    this.#line = '';
    this.#headers = [];
    this.#headerBytes = 0;
  }

  #endModel(): void {
    this.#checkModel(this.#boundaryStart);
    const [start, end] = [this.#contentStart, this.#boundaryStart];
    this.model = { start, end: Math.max(start, end), isBare: end < start };
  }

  #checkModel(end: number): void {
    if (this.#isModel && end - this.#contentStart > MAX_MODEL_BYTES) {
      throw new PaddockError('invalid_model_id', LONG_MODEL, { param: 'model' });
    }
  }

  #readHeaders(chunk: Uint8Array, from: number): number {
    const feed = chunk.indexOf(LF, from);
    const to = feed === -1 ? chunk.length : feed + 1;
    this.#headerBytes += to - from;
    if (this.#headerBytes > MAX_HEADER_BYTES) throw refusal(LONG_HEADERS);
    this.#line += latin1.decode(chunk.subarray(from, to));
    if (feed !== -1) this.#endHeaderLine(this.#position + to);
    return to;
  }

  #endHeaderLine(next: number): void {
    const line = this.#line.replace(/\r?\n$/u, '');
    this.#line = '';
    if (line !== '') {
      if (!isHeaderLine(line, this.#headers)) throw refusal(NO_HEADER);
      this.#headers.push(line);
      return;
    }
    this.#isModel = readFieldName(this.#headers) === 'model';
    if (this.#isModel && this.#hasModel) throw refusal(TWO_MODELS, { param: 'model' });
    this.#hasModel ||= this.#isModel;
    this.#contentStart = next;
    this.#state = 'content';
    // An empty part may have its boundary directly after its headers.
    this.#matched = this.newline.length;
  }
}

const NONE =
  'The form does not contain the boundary of its content type. Send the boundary that the form uses.';
const CUT_OFF = 'The form ends before its closing boundary. Send the complete form.';
const NO_BOUNDARY =
  'A line of the form begins with its boundary and continues with other text. Choose a boundary that no part contains, and use the same line end in all lines.';
const NO_HEADER =
  "A part of the form has an invalid header line. Write each header as 'Name: value', and an empty line after the headers.";
const LONG_HEADERS =
  'A part of the form has headers of more than 16 KiB. Shorten its name or its filename.';
const TWO_MODELS = 'The form has two model fields. Send one.';
const LONG_MODEL =
  'The model field is longer than 4096 bytes. Write provider/model, and send files with a filename.';

function refusal(message: string, options: { param?: 'model' } = {}): PaddockError {
  return new PaddockError('invalid_request', message, options);
}
