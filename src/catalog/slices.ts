import { finish, type Steps } from './steps.ts';

/** Work that several may wait for, and how far it is. */
export interface Work<T> {
  readonly steps: Steps<T>;
  /** Null until it is done. */
  result: { readonly value: T } | null;
}

/** Does long work in slices, between which other requests are served. */
export interface Slices {
  /** Begins work; it is done at once where it takes no longer than a slice. */
  begin<T>(steps: Steps<T>): Work<T>;
  /** The work's result. All that wait for it do it together. */
  finish<T>(work: Work<T>): Promise<T>;
  /** Both. */
  run<T>(steps: Steps<T>): Promise<T>;
  /** Comes back a little later. */
  pause(): Promise<void>;
}

interface Time {
  monotonic(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How long a slice takes, in milliseconds: so long other requests wait at most, give or take a step. */
const SLICE_MS = 4;

/** On workerd no clock runs while work does, so that steps are counted too. */
const MOST_STEPS = 32;

/**
 * How long nothing is worked at after a slice, in milliseconds, and at least as long as the slice took: a busy machine
 * stretches both. All slices of a process count as one another's.
 */
const REST_MS = 2;

/** No work waits for its turn more often than this. */
const MOST_RESTS = 100;

/** Makes what does the long work of an app. Requests share its values and never promises: each waits by its own timers. */
export function createSlices(clock: Time): Slices {
  let endedAt = Number.NEGATIVE_INFINITY;
  /** How much of the slice is used, in milliseconds. */
  let used = 0;

  /** How long may be worked now, in milliseconds. */
  function readBudget(): number {
    if (clock.monotonic() - endedAt >= Math.max(REST_MS, used)) used = 0;
    return SLICE_MS - used;
  }

  /** Does a step at least, and as many as the slice has room for. */
  function advance<T>(work: Work<T>): void {
    const budget = readBudget();
    const startedAt = clock.monotonic();
    for (let count = 1; count <= MOST_STEPS && work.result === null; count += 1) {
      const step = work.steps.next();
      if (step.done === true) work.result = { value: step.value };
      else if (clock.monotonic() - startedAt >= budget) break;
    }
    endedAt = clock.monotonic();
    used += endedAt - startedAt;
  }

  async function waitForTurn(): Promise<void> {
    await clock.sleep(REST_MS);
    for (let rests = 0; rests < MOST_RESTS && readBudget() <= 0; rests += 1)
      await clock.sleep(REST_MS);
  }

  async function finishWork<T>(work: Work<T>): Promise<T> {
    for (;;) {
      if (work.result !== null) return work.result.value;
      await waitForTurn();
      if (work.result === null) advance(work);
    }
  }

  const begin = <T>(steps: Steps<T>): Work<T> => {
    const work: Work<T> = { steps, result: null };
    advance(work);
    return work;
  };
  return {
    begin,
    finish: finishWork,
    run: (steps) => finishWork(begin(steps)),
    pause: () => clock.sleep(REST_MS),
  };
}

/** Does all work at once, for what is always small. */
export const AT_ONCE: Pick<Slices, 'begin' | 'finish' | 'pause'> = {
  begin: (steps) => ({ steps, result: { value: finish(steps) } }),
  finish: async ({ result, steps }) => (result === null ? finish(steps) : result.value),
  pause: async () => {},
};
