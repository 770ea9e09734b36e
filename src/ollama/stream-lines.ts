import type { Clock } from '../clock.ts';
import { PaddockError } from '../errors.ts';
import { UpstreamTimeout } from '../gateway/transport.ts';
import type { ReplyLines } from './reply-lines.ts';

/** How long a provider may leave its answer open after the last event, in milliseconds. */
const END_MS = 1000;

/** The lines that a stream is converted to, and what the conversion needs. */
interface StreamLinesOptions {
  readonly lines: ReplyLines;
  readonly provider: string;
  readonly clock: Pick<Clock, 'after'>;
}

/** Converts a provider's event stream as the client reads. If it breaks off, the last line says so. */
export function streamLines(
  body: ReadableStream<Uint8Array>,
  { lines, provider, clock }: StreamLinesOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const encoder = new TextEncoder();
  const leave = () => reader.cancel().catch(() => {});
  let stopTimer: (() => void) | null = null;
  const readMore = async (): Promise<{ text: string; isLast: boolean }> => {
    // The end follows at once. Without it, the client would wait although the last line has arrived.
    if (lines.state === 'complete') stopTimer ??= clock.after(END_MS, leave);
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
            stopTimer?.();
            controller.close();
            return leave();
          }
          if (text !== '') return;
        }
      },
      cancel(reason) {
        stopTimer?.();
        return reader.cancel(reason);
      },
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
