import type { Clock } from '../clock.ts';
import { UpstreamTimeout } from './upstream-timeout.ts';

/**
 * Returns the same body, which fails when the upstream sends nothing for `idleMs`, in milliseconds. Time in which the
 * client does not read does not count.
 */
export function limitIdle(
  body: ReadableStream<Uint8Array>,
  options: { idleMs: number; timedOut: () => void; clock: Pick<Clock, 'after'> },
): ReadableStream<Uint8Array> {
  const { idleMs, timedOut, clock } = options;
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const stopTimer = clock.after(idleMs, () => {
          timedOut();
          controller.error(new UpstreamTimeout());
        });
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          stopTimer();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
