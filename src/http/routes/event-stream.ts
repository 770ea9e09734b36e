import type { Clock } from '../../clock.ts';
import { joinBytes } from '../../join-bytes.ts';
import { pickEvents, type CurrentEvents, type SentEvents } from './pick-events.ts';

/** How often a stream checks for changes, in milliseconds. */
const CHECK_MS = 250;

/** Sent at once, so that the headers leave too. A browser reopens a stream that ends after one second. */
const OPENING = ': changes\nretry: 1000\n\n';

/** Creates the event stream of one client. It checks for changes, which may ask providers, as the client reads. */
export function createEventStream(options: {
  /** Returns the current events. It must not reject; it may take any time. */
  readEvents: () => Promise<CurrentEvents>;
  clock: Clock;
  /** The longest duration of the stream, in milliseconds. */
  lifetimeMs: number;
  /** Whether streams must end now. */
  shouldEnd?: () => boolean;
}): ReadableStream<Uint8Array> {
  const { readEvents, clock, lifetimeMs, shouldEnd = () => false } = options;
  const encoder = new TextEncoder();
  const openedAt = clock.monotonic();
  let sent: SentEvents | null = null;
  let seen: CurrentEvents = new Map();
  let reading: Promise<void> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let isCancelled = false;

  function nextBytes(): Uint8Array {
    const now = clock.monotonic();
    if (sent === null) {
      sent = { events: new Map(), at: now };
      return encoder.encode(OPENING);
    }
    const picked = pickEvents(sent, { seen, now });
    sent = picked.sent;
    return joinBytes(
      picked.frames.map((frame) => (typeof frame === 'string' ? encoder.encode(frame) : frame)),
    );
  }

  async function readNow(): Promise<void> {
    readAt = clock.monotonic();
    seen = await readEvents();
    reading = null;
  }

  /** Checks again once the interval has passed, and waits for the result for at most one interval. */
  async function refresh(): Promise<void> {
    const rest = readAt + CHECK_MS - clock.monotonic();
    if (rest > 0) await clock.sleep(rest);
    if (isCancelled) return;
    reading ??= readNow();
    // The first result may wait for a slow provider, and the connection must not be silent meanwhile.
    await Promise.race([reading, clock.sleep(CHECK_MS)]);
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!isCancelled) {
          if (shouldEnd() || clock.monotonic() - openedAt >= lifetimeMs) return controller.close();
          const bytes = nextBytes();
          if (bytes.byteLength > 0) return controller.enqueue(bytes);
          await refresh();
        }
      },
      cancel() {
        isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
}
