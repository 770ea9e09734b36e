import { toEventStream } from './event-stream.ts';
import type { Sleep } from './sleep.ts';

/** The options of a loading stream. */
export interface LoadingStreamOptions {
  model: string;
  /** Settles with the answer. Its headers arrive too late to be sent. */
  answer: Promise<Response>;
  /** Aborts when the client disconnected. */
  signal: AbortSignal;
  sleep: Sleep;
}

const TICK_MS = 750;

/**
 * Answers 200 at once and reports the load in reasoning chunks, then sends the body of the answer unchanged: a failure
 * follows as plain JSON, without `data:` before it.
 */
export function createLoadingStream(options: LoadingStreamOptions): Response {
  return toEventStream(writeLoading(options));
}

async function* writeLoading(options: LoadingStreamOptions): AsyncGenerator<Uint8Array> {
  const answered = new AbortController();
  const answer = options.answer.finally(() => answered.abort());
  const woken = AbortSignal.any([answered.signal, options.signal]);
  yield toReasoning(`━━━━━\nllama-swap loading model: ${options.model}\n`);
  while (!woken.aborted) {
    await options.sleep(TICK_MS, woken).catch(() => undefined);
    if (!woken.aborted) yield toReasoning('.');
  }
  yield toReasoning('\nDone!\n━━━━━\n');
  const { body } = await answer;
  if (body) yield* readAll(body);
}

async function* readAll(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function toReasoning(text: string): Uint8Array {
  const chunk = { choices: [{ delta: { reasoning_content: text } }] };
  return new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`);
}
