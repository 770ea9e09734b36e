import { describe, expect, it } from 'vitest';
import { createSharedWork } from '../../src/catalog/shared-work.ts';
import { createSlices } from '../../src/catalog/slices.ts';
import { sortInSteps } from '../../src/catalog/sort-in-steps.ts';
import { finish, type Steps } from '../../src/catalog/steps.ts';

/** A clock on which each step takes as long as it is told. */
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
  it('is done at once where it is short', async () => {
    const { slices, work } = setUp();
    expect(await slices.run(work(3, 1))).toBe('done');
  });

  it('lets others go first where it is long, for as long as it worked', async () => {
    const { slices, work, sleeps, now } = setUp();
    const running = slices.run(work(100, 1));
    expect([running, sleeps]).toEqual([expect.any(Promise), [4]]);
    expect(await running).toBe('done');
    expect(now()).toBeGreaterThanOrEqual(190);
  });

  it('is counted in steps where no clock runs meanwhile', async () => {
    const { slices, work, sleeps } = setUp();
    expect(await slices.run(work(100, 0))).toBe('done');
    expect(sleeps.length).toBeGreaterThanOrEqual(3);
  });

  it('takes turns with other work', async () => {
    const { slices, work, sleeps } = setUp();
    const all = [slices.run(work(20, 1)), slices.run(work(20, 1)), slices.run(work(20, 1))];
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    expect(sleeps.length).toBeGreaterThanOrEqual(12);
  });

  it('is done once for all that wait for it', async () => {
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

it.each([0, 1, 255, 256, 257, 1000, 5000])('a sort in steps is a stable sort: of %i', (count) => {
  const items = Array.from({ length: count }, (_, index) => ({ key: (index * 7919) % 101, index }));
  const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
  expect(finish(sortInSteps(items, compare))).toEqual(items.toSorted(compare));
});
