import { describe, expect, it } from 'vitest';
import { createEventStream } from '../../../src/http/routes/event-stream.ts';
import type { CurrentEvents } from '../../../src/http/routes/pick-events.ts';

/** A stream on a clock that advances when the stream sleeps. */
function setUp(
  readEvents: (at: number) => CurrentEvents | Promise<CurrentEvents>,
  { lifetimeMs = Number.POSITIVE_INFINITY } = {},
) {
  let now = 0;
  const looks: number[] = [];
  const stream = createEventStream({
    readEvents: async () => {
      looks.push(now);
      return readEvents(now);
    },
    clock: {
      wall: () => now,
      monotonic: () => now,
      after: () => () => {},
      sleep: async (milliseconds) => {
        const wakesAt = now + milliseconds;
        // Let other ready work run first.
        await new Promise((resolve) => setImmediate(resolve));
        now = Math.max(now, wakesAt);
      },
    },
    lifetimeMs,
  });
  const reader = stream.getReader();
  const read = async () => {
    const { value, done } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { looks, reader, read, now: () => now };
}

const eventsOf = (tags: Record<string, string>): CurrentEvents =>
  new Map(
    Object.entries(tags).map(([name, validator]) => [
      name,
      { validator, frame: `event: ${name}\ndata: ${validator}\n\n` },
    ]),
  );
const same = eventsOf({ catalog: 'W/"c"', favorites: 'W/"f"' });
const changed = eventsOf({ catalog: 'W/"c"', favorites: 'W/"g"' });

describe('createEventStream', () => {
  it('starts with a comment at once, then sends all ETags', async () => {
    const { read, looks } = setUp(() => same);
    expect(await read()).toMatch(/^: .+\nretry: 1000\n\n$/);
    expect(looks).toEqual([]);
    expect(await read()).toBe('event: catalog\ndata: W/"c"\n\nevent: favorites\ndata: W/"f"\n\n');
    expect(looks).toEqual([0]);
  });

  it('sends a change within 250 ms', async () => {
    const { read, now } = setUp((at) => (at < 1100 ? same : changed));
    await read();
    await read();
    expect(await read()).toBe('event: favorites\ndata: W/"g"\n\n');
    expect(now()).toBeGreaterThanOrEqual(1100);
    expect(now()).toBeLessThanOrEqual(1100 + 250);
  });

  it('sends comments during a long first look, and looks once', async () => {
    const { read, looks, now } = setUp(() => new Promise(() => {}));
    await read();
    expect(await read()).toMatch(/^: /);
    expect(now()).toBeLessThanOrEqual(15_250);
    expect(await read()).toMatch(/^: /);
    expect(looks).toHaveLength(1);
  });

  it('does not look without a reader', async () => {
    const { looks } = setUp(() => same);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks).toEqual([]);
  });

  it('stops looking after its reader has left', async () => {
    const { read, reader, looks } = setUp(() => same);
    await read();
    await read();
    const reading = read();
    await reader.cancel();
    expect(await reading).toBeNull();
    const before = looks.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks.length).toBeLessThanOrEqual(before + 1);
  });

  it('ends after its lifetime', async () => {
    const { read, now } = setUp(() => same, { lifetimeMs: 20_000 });
    const texts = [];
    for (let text = await read(); text !== null; text = await read()) texts.push(text);
    expect(texts).toHaveLength(3);
    expect(now()).toBeLessThanOrEqual(20_250);
  });
});
