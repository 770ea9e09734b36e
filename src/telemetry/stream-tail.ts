import { joinBytes } from '../join-bytes.ts';

/** The end of a route's streams: a pattern that one of the last events matches, and how many last bytes contain it. */
interface StreamEnding {
  readonly type: string;
  readonly pattern: RegExp;
  readonly bytes: number;
}

/** An error object or an error's text as a field of an event. In text from the model, the quotes would be escaped. */
const ERROR = String.raw`(?<!\\)"error":\s*[{"]|(?:^|\n)event: ?error`;

const toEnding = (pattern: string, bytes = 4096): StreamEnding => ({
  type: 'text/event-stream',
  pattern: new RegExp(`${pattern}|${ERROR}`, 'u'),
  bytes,
});

/** Not every server sends `[DONE]`, but every server sends a finish reason. */
const OPENAI = toEnding(String.raw`data: ?\[DONE\]|(?<!\\)"finish_reason":\s*"`);
const LLAMA = toEnding(String.raw`data: ?\[DONE\]|(?<!\\)"stop":\s*true`);

/** Lines of JSON. */
const OLLAMA = { ...toEnding(String.raw`(?<!\\)"done":\s*true`), type: 'application/x-ndjson' };

/**
 * The routes whose streams have a recognizable last event. Sources: OpenAI's API reference ("Streaming"), Anthropic's
 * ("Streaming Messages"), llama.cpp's server, whose own routes end with `"stop": true`, and Ollama's api/types.go.
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
  '/api/chat': OLLAMA,
  '/api/generate': OLLAMA,
};

/** More chunks than this are joined: chunks of one byte each take a hundred times their size in memory. */
const MAX_CHUNKS = 64;

/** The last bytes of an event stream, which show whether it is complete: llama-swap ends a broken one cleanly. */
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
    if (this.#chunks.length > MAX_CHUNKS) this.#chunks = [joinBytes(this.#chunks)];
  }

  /** Whether the ended stream lacks its last event. False if the kept bytes do not show it. */
  isUnfinished(): boolean {
    const decoder = new TextDecoder();
    const text = this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    if (this.#ending.pattern.test(text)) return false;
    // If one event is longer than the kept bytes, only its lost beginning would show whether it is the last event.
    return !this.#isCut || /\r?\n\r?\n/u.test(text.trim());
  }
}

/** Creates the tail for an answer, or returns null if the route's streams have no recognizable last event. */
export function createStreamTail(path: string, contentType: string | undefined): StreamTail | null {
  const ending = ENDINGS[path];
  return ending === undefined || contentType?.startsWith(ending.type) !== true
    ? null
    : new StreamTail(ending);
}
