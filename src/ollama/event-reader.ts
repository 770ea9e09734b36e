import { PaddockError } from '../errors.ts';

/** The longest event that is read, in characters. */
const MAX_EVENT = 16 * 1024 * 1024;

/** Reads server-sent events in pieces. A line that is a JSON object counts as one: llama-swap sends errors that way. */
export class EventReader {
  readonly #decoder = new TextDecoder();
  /** The pieces of a line whose end has not arrived. */
  #pieces: string[] = [];
  #pending = 0;
  #data: string[] = [];
  /** The characters of `#data`. */
  #size = 0;
  /** Whether the bytes so far end in CR: an LF that follows belongs to the same line break. */
  #endsInReturn = false;

  /** Returns the data of the events that end in these bytes. Throws `invalid_response` if one is too long. */
  read(bytes: Uint8Array): string[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns the data of the events that the end of the stream completes. */
  end(): string[] {
    return this.#take(`${this.#decoder.decode()}\n\n`);
  }

  #take(piece: string): string[] {
    const text = this.#endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') this.#endsInReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/u);
    const rest = lines.pop() ?? '';
    const found: string[] = [];
    for (const line of lines) {
      const whole = this.#pending === 0 ? line : this.#pieces.join('') + line;
      this.#pieces = [];
      this.#pending = 0;
      this.#takeLine(whole, found);
    }
    this.#pieces.push(rest);
    this.#pending += rest.length;
    if (this.#pending + this.#size > MAX_EVENT) {
      throw new PaddockError('invalid_response', 'An event of the answer is too long.');
    }
    return found;
  }

  #takeLine(line: string, found: string[]): void {
    if (line.startsWith('data:')) {
      this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
      this.#size += line.length;
    } else if (line.startsWith('{')) found.push(line);
    else if (line === '') {
      const data = this.#data.join('\n');
      // Some servers keep the connection alive with events without data.
      if (data !== '') found.push(data);
      this.#data = [];
      this.#size = 0;
    }
  }
}
