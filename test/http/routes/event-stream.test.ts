import { describe, expect, it } from 'vitest';
import { createEventStream } from '../../../src/http/routes/event-stream.ts';
import type { Validators } from '../../../src/http/routes/pick-events.ts';

/** A stream on a clock that advances when the stream sleeps. */
function setUp(
  readValidators: (at: number) => Validators | Promise<Validators>,
  { lifetimeMs = Number.POSITIVE_INFINITY } = {},
) {
  let now = 0;
  const looks: number[] = [];
  const stream = createEventStream({
    readValidators: async () => {
      looks.push(now);
      return readValidators(now);
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

const same = { catalog: 'W/"c"', favorites: 'W/"f"' };

describe('createEventStream', () => {
  it('starts with a comment at once, then sends all ETags', async () => {
    const { read, looks } = setUp(() => same);
    expect(await read()).toMatch(/^: .+\nretry: 1000\n\n$/);
    expect(looks).toEqual([]);
    expect(await read()).toBe('event: catalog\ndata: W/"c"\n\nevent: favorites\ndata: W/"f"\n\n');
    expect(looks).toEqual([0]);
  });

  it('sends a change within 250 ms', async () => {
    const { read, now } = setUp((at) => (at < 1100 ? same : { ...same, favorites: 'W/"g"' }));
    await read();
    await read();
    expect(await read()).toBe('event: favorites\ndata: W/"g"\n\n');
    expect(now()).toBeGreaterThanOrEqual(1100);
    expect(now()).toBeLessThanOrEqual(1100 + 250);
  });

  it('sends comments during a long first readValidators, and looks once', async () => {
    const { read, looks, now } = setUp(() => new Promise(() => {}));
    await read();
    expect(await read()).toMatch(/^: /);
    expect(now()).toBeLessThanOrEqual(15_250);
    expect(await read()).toMatch(/^: /);
    expect(looks).toHaveLength(1);
  });

  it('does not readValidators without a reader', async () => {
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
