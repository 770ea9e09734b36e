import type { HeaderRecord } from '../gateway/headers.ts';
import { BODILESS } from '../gateway/transport.ts';
import { toAnswerStream } from './answer-stream.ts';
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
  const whole = answer.takeWhole() as Uint8Array<ArrayBuffer> | null;
  const body = whole ?? toAnswerStream(answer);
  return new Response(body, { status, headers });
}
