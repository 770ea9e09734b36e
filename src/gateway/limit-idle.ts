import { UpstreamTimeout } from './upstream-timeout.ts';

/** The same body, which fails where it is waited for too long. A client that does not read takes no time of it. */
export function limitIdle(
  body: ReadableStream<Uint8Array>,
  { idleMs, timedOut }: { idleMs: number; timedOut: () => void },
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const timer = setTimeout(() => {
          timedOut();
          controller.error(new UpstreamTimeout());
        }, idleMs);
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
