import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** How a stream is read. */
interface ReadOptions {
  /** How long nothing may come, at first and later, before the stream counts as dead, though nobody closed it. */
  readonly silence?: { readonly firstMs: number; readonly thenMs: number };
  /** Told of each line that is no part of an event, as of the bare JSON that hosts put behind a failed load. */
  readonly onStray?: (line: string) => void;
}

/**
 * The server-sent events of an answer as they come, until it ends. A reader that stops ends the request. The last event
 * counts even without the blank line that should follow it: some servers leave it out.
 * @throws where the connection breaks, or is silent for too long
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
    timer = setTimeout(() => reject(new Error('The stream fell silent.')), silenceMs);
  });
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}
