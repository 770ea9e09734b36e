import type { HeaderRecord } from '../gateway/headers.ts';
import { BODILESS } from '../gateway/transport.ts';
import { toAnswerStream } from './answer-stream.ts';
import type { RelayedAnswer } from './relayed-answer.ts';

/** An answer as a response that any server takes. */
export function toWebResponse(answer: RelayedAnswer, headers: HeaderRecord): Response {
  const { status } = answer;
  if (BODILESS.has(status)) {
    answer.abandon();
    return new Response(null, { status, headers });
  }
  // Bun sends bytes that are all there several times faster than a stream of them.
  // Bytes are bytes, wherever they lie, which the types do not say.
  const whole = answer.takeWhole() as Uint8Array<ArrayBuffer> | null;
  const body = whole ?? toAnswerStream(answer);
  return new Response(body, { status, headers });
}
