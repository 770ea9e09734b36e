import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Options for reading a stream. */
interface ReadOptions {
  /** The longest silence before the stream counts as dead, in milliseconds, for the first bytes and for later ones. */
  readonly silence?: { readonly firstMs: number; readonly thenMs: number };
  /**
   * Receives each line that is not part of an event, such as the bare JSON that some providers append after a failed
   * load.
   */
  readonly onStray?: (line: string) => void;
}

/**
 * Yields the server-sent events of a body as they arrive, until it ends. Breaking out of the loop ends the request.
 * The last event counts even without its terminating blank line: some servers leave it out.
 * @throws if the connection breaks, or is silent for too long
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { silence, onStray }: ReadOptions = {},
): AsyncGenerator<EventSourceMessage> {
  const decoder = new TextDecoder();
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => void arrived.push(event),
    onError: ({ type, line }) => {
      if (type === 'unknown-field' && line !== undefined) onStray?.(line);
    },
  });
  const reader = body.getReader();
  let silenceMs = silence?.firstMs;
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read(), silenceMs);
      if (done) break;
      silenceMs = silence?.thenMs;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
    parser.feed('\n\n');
    yield* arrived.splice(0);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function withinSilence<T>(reading: Promise<T>, silenceMs: number | undefined): Promise<T> {
  if (silenceMs === undefined) return reading;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The stream timed out.')), silenceMs);
  });
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}
