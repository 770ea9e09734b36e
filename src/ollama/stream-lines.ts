import { PaddockError } from '../errors.ts';
import { UpstreamTimeout } from '../gateway/transport.ts';
import type { ReplyLines } from './reply-lines.ts';

/** Converts a provider's event stream as the client reads. If it breaks off, the last line says so. */
export function streamLines(
  body: ReadableStream<Uint8Array>,
  { lines, provider }: { lines: ReplyLines; provider: string },
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const encoder = new TextEncoder();
  const readMore = async (): Promise<{ text: string; isLast: boolean }> => {
    try {
      const { value } = await reader.read();
      return value === undefined
        ? { text: lines.end(), isLast: true }
        : { text: lines.add(value), isLast: lines.state === 'failed' };
    } catch (error) {
      return { text: lines.fail(toMessage(error, provider)), isLast: true };
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { text, isLast } = await readMore();
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (isLast) {
            controller.close();
            return reader.cancel().catch(() => {});
          }
          if (text !== '') return;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function toMessage(error: unknown, provider: string): string {
  if (error instanceof PaddockError) return error.message;
  return error instanceof UpstreamTimeout
    ? `${provider} sent nothing for too long.`
    : `${provider} broke off its answer.`;
}
