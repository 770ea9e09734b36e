import { describe, expect, it } from 'vitest';
import { createSharedWork, createSlices } from '../../src/catalog/slices.ts';
import { sortInSteps } from '../../src/catalog/sort-in-steps.ts';
import { finish, type Steps } from '../../src/steps.ts';

/** Slices on a clock that only steps and sleeps advance. */
function setUp() {
  let now = 0;
  const sleeps: number[] = [];
  const slices = createSlices({
    monotonic: () => now,
    sleep: async (milliseconds) => {
      sleeps.push(now);
      now += milliseconds;
    },
  });
  function* work(steps: number, milliseconds: number): Steps<string> {
    for (let step = 0; step < steps; step += 1) {
      now += milliseconds;
      yield;
    }
    return 'done';
  }
  return { slices, work, sleeps, now: () => now };
}

describe('work in slices', () => {
  it('runs without a pause when it is short', async () => {
    const { slices, work, sleeps } = setUp();
    expect(await slices.run(work(3, 1))).toBe('done');
    expect(sleeps).toEqual([]);
  });

  it('pauses after each slice for as long as the slice took', async () => {
    const { slices, work, sleeps, now } = setUp();
    const running = slices.run(work(100, 1));
    expect([running, sleeps]).toEqual([expect.any(Promise), [4]]);
    expect(await running).toBe('done');
    expect(now()).toBeGreaterThanOrEqual(190);
  });

  it('pauses after a number of steps when the clock stands still', async () => {
    const { slices, work, sleeps } = setUp();
    expect(await slices.run(work(100, 0))).toBe('done');
    expect(sleeps.length).toBeGreaterThanOrEqual(3);
  });

  it('alternates with other work', async () => {
    const { slices, work, sleeps } = setUp();
    const all = [slices.run(work(20, 1)), slices.run(work(20, 1)), slices.run(work(20, 1))];
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    expect(sleeps.length).toBeGreaterThanOrEqual(12);
  });

  it('runs once for all callers with the same input', async () => {
    const { slices, work } = setUp();
    let begun = 0;
    const share = createSharedWork({
      slices,
      isSame: (a: string, b: string) => a === b,
      start: () => {
        begun += 1;
        return work(50, 1);
      },
    });
    expect(await Promise.all([share('a'), share('a'), share('a')])).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect([await share('a'), begun]).toEqual(['done', 1]);
    await share('b');
    expect(begun).toBe(2);
  });
});

it.each([0, 1, 255, 256, 257, 1000, 5000])(
  'sorts %i items in steps, and keeps the order of equal ones',
  (count) => {
    const items = Array.from({ length: count }, (_, index) => ({
      key: (index * 7919) % 101,
      index,
    }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect(finish(sortInSteps(items, compare))).toEqual(items.toSorted(compare));
  },
);
