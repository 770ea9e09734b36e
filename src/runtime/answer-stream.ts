import type { RelayedAnswer } from './relayed-answer.ts';

/** Converts a response body to a web stream. Canceling the stream ends the upstream's request. */
export function toAnswerStream(answer: RelayedAnswer): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      answer.flowInto({
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
