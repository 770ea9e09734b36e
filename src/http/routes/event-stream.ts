import type { Clock } from '../../clock.ts';
import { pickEvents, type Told, type Validators } from './pick-events.ts';

/** How often a listener's stream looks for news, in milliseconds. */
const LOOK_EVERY_MS = 250;

/** Headers leave with it at once. A stream that ends is opened again after a second, where a browser reads it. */
const OPENING = ': news of the catalog and the favorites\nretry: 1000\n\n';

/**
 * Makes one listener's stream of events. It looks for news only while somebody reads, so that one who is gone, who has
 * stalled or who wanted the headers alone has nobody asked.
 */
export function createEventStream(options: {
  /** What there is now. It must not reject, and may take as long as it likes. */
  look: () => Promise<Validators>;
  clock: Clock;
  /** How long the stream may last, in milliseconds. */
  lifetimeMs: number;
  /** Whether streams are to end now. */
  isOver?: () => boolean;
}): ReadableStream<Uint8Array> {
  const { look, clock, lifetimeMs, isOver = () => false } = options;
  const encoder = new TextEncoder();
  const openedAt = clock.monotonic();
  let told: Told | null = null;
  let seen: Validators = { catalog: null, favorites: null };
  let looking: Promise<void> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isLeft = false;

  function nextText(): string {
    const now = clock.monotonic();
    if (told === null) {
      told = { catalog: null, favorites: null, at: now };
      return OPENING;
    }
    const picked = pickEvents(told, { seen, now });
    told = picked.told;
    return picked.text;
  }

  async function see(): Promise<void> {
    lookedAt = clock.monotonic();
    seen = await look();
    looking = null;
  }

  /** Looks again where the last time is long enough ago, and waits for what is seen, but not for long. */
  async function lookAgain(): Promise<void> {
    const rest = lookedAt + LOOK_EVERY_MS - clock.monotonic();
    if (rest > 0) await clock.sleep(rest);
    if (isLeft) return;
    looking ??= see();
    // A first answer may wait for a slow host, and the connection must not be silent meanwhile.
    await Promise.race([looking, clock.sleep(LOOK_EVERY_MS)]);
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!isLeft) {
          if (isOver() || clock.monotonic() - openedAt >= lifetimeMs) return controller.close();
          const text = nextText();
          if (text !== '') return controller.enqueue(encoder.encode(text));
          await lookAgain();
        }
      },
      cancel() {
        isLeft = true;
      },
    },
    { highWaterMark: 0 },
  );
}
