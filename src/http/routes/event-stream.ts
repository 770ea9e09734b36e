import type { Clock } from '../../clock.ts';
import { pickEvents, type SentEvents, type Validators } from './pick-events.ts';

/** How often a stream checks for changes, in milliseconds. */
const CHECK_MS = 250;

/** Sent at once, so that the headers leave too. A browser reopens a stream that ends after one second. */
const OPENING = ': changes of the catalog and the favorites\nretry: 1000\n\n';

/** Creates the event stream of one client. It checks for changes, which may ask providers, as the client reads. */
export function createEventStream(options: {
  /** Returns the current validators. It must not reject; it may take any time. */
  readValidators: () => Promise<Validators>;
  clock: Clock;
  /** The longest duration of the stream, in milliseconds. */
  lifetimeMs: number;
  /** Whether streams must end now. */
  shouldEnd?: () => boolean;
}): ReadableStream<Uint8Array> {
  const { readValidators, clock, lifetimeMs, shouldEnd = () => false } = options;
  const encoder = new TextEncoder();
  const openedAt = clock.monotonic();
  let sent: SentEvents | null = null;
  let seen: Validators = { catalog: null, favorites: null };
  let reading: Promise<void> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let isCancelled = false;

  function nextText(): string {
    const now = clock.monotonic();
    if (sent === null) {
      sent = { catalog: null, favorites: null, at: now };
      return OPENING;
    }
    const picked = pickEvents(sent, { seen, now });
    sent = picked.sent;
    return picked.text;
  }

  async function readNow(): Promise<void> {
    readAt = clock.monotonic();
    seen = await readValidators();
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
          const text = nextText();
          if (text !== '') return controller.enqueue(encoder.encode(text));
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
