/** How the streams of one route end: what one of their last events holds, and how many last bytes can show it. */
interface StreamEnding {
  readonly pattern: RegExp;
  readonly bytes: number;
}

/** An error object, or an error's text, as a field of an event. In a text of the model its quotes would be escaped. */
const ERROR = String.raw`(?<!\\)"error":\s*[{"]|(?:^|\n)event: ?error`;

const toEnding = (pattern: string, bytes = 4096): StreamEnding => ({
  pattern: new RegExp(`${pattern}|${ERROR}`, 'u'),
  bytes,
});

/** Not every server sends `[DONE]`, but every one gives a reason why a choice ended. */
const OPENAI = toEnding(String.raw`data: ?\[DONE\]|(?<!\\)"finish_reason":\s*"`);
const LLAMA = toEnding(String.raw`data: ?\[DONE\]|(?<!\\)"stop":\s*true`);

/**
 * The routes whose streams have a last event. Sources: OpenAI's API reference ("Streaming"), Anthropic's ("Streaming
 * Messages"), and llama.cpp's server, whose own routes end with `"stop": true`.
 */
const ENDINGS: Readonly<Record<string, StreamEnding>> = {
  '/v1/chat/completions': OPENAI,
  '/v1/completions': OPENAI,
  '/v1/messages': toEnding(String.raw`(?<!\\)"type":\s*"message_stop"`),
  // The last event repeats the whole answer.
  '/v1/responses': toEnding(
    String.raw`(?<!\\)"type":\s*"response\.(?:completed|failed|incomplete|cancelled)"`,
    65_536,
  ),
  '/completion': LLAMA,
  '/infill': LLAMA,
};

/** More chunks than this are joined: of one byte each they would take a hundred times their size. */
const MOST_CHUNKS = 64;

/**
 * The last bytes of a stream of events. They tell a whole answer from one that ended early: a model server that dies
 * behind llama-swap ends its stream as cleanly as one that has finished.
 */
export class StreamTail {
  readonly #ending: StreamEnding;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(ending: StreamEnding) {
    this.#ending = ending;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    for (;;) {
      const first = this.#chunks[0];
      if (first === undefined || this.#bytes - first.byteLength < this.#ending.bytes) break;
      this.#chunks.shift();
      this.#bytes -= first.byteLength;
      this.#isCut = true;
    }
    if (this.#chunks.length > MOST_CHUNKS) this.#chunks = [join(this.#chunks, this.#bytes)];
  }

  /** Whether the stream is known to lack its last event. To be asked once it has ended. */
  isUnfinished(): boolean {
    const decoder = new TextDecoder();
    const text = this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    if (this.#ending.pattern.test(text)) return false;
    // Within an event that is longer than what is kept, its beginning would tell.
    return !this.#isCut || /\r?\n\r?\n/u.test(text.trim());
  }
}

/** What watches the end of an answer of a route, where its streams have a last event; else null. */
export function createStreamTail(path: string, contentType: string | undefined): StreamTail | null {
  if (contentType?.startsWith('text/event-stream') !== true) return null;
  const ending = ENDINGS[path];
  return ending === undefined ? null : new StreamTail(ending);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
