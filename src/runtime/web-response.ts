import type { HeaderRecord } from '../gateway/headers.ts';
import { BODILESS } from '../gateway/transport.ts';
import type { RelayedAnswer } from './relayed-answer.ts';

/** Converts an upstream's response to a `Response` that any server accepts. */
export function toWebResponse(answer: RelayedAnswer, headers: HeaderRecord): Response {
  const { status } = answer;
  if (BODILESS.has(status)) {
    answer.abandon();
    return new Response(null, { status, headers });
  }
  // Bun sends a complete body several times faster than a stream of it. The cast is safe: the type of the underlying
  // buffer does not matter here.
  const whole = answer.takeWholeBody() as Uint8Array<ArrayBuffer> | null;
  return new Response(whole ?? toAnswerStream(answer), { status, headers });
}

/** Converts a response body to a web stream. Canceling the stream ends the upstream's request. */
export function toAnswerStream(answer: RelayedAnswer): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      answer.pipeTo({
        write(bytes) {
          controller.enqueue(bytes);
          return (controller.desiredSize ?? 0) > 0;
        },
        end(bytes) {
          if (bytes !== null) controller.enqueue(bytes);
          controller.close();
        },
        fail: (error) => controller.error(error),
      });
    },
    pull: () => answer.resume(),
    cancel: () => answer.abandon(),
  });
}
