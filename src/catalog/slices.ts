import type { Clock } from '../clock.ts';
import type { Steps } from '../steps.ts';

/** Work that several requests may wait for, and its progress. */
export interface Work<T> {
  readonly steps: Steps<T>;
  /** Null until the work is done. */
  result: { readonly value: T } | null;
}

/** Does long work in time slices, and lets other requests run between them. */
export type Slices = ReturnType<typeof createSlices>;

/** The length of a slice, in milliseconds. Other requests wait at most this long, plus one step. */
const SLICE_MS = 4;

/** The most steps in a slice. On workerd, the clock stands still during work, so steps are counted too. */
const MAX_STEPS = 32;

/** The least rest after a slice, in milliseconds; at least the slice itself. All slices share one budget. */
const REST_MS = 2;

/** The most rests that work waits for its turn. */
const MAX_RESTS = 100;

/** Creates the slices of an app. Requests share values and never promises: each waits with its own timers. */
export function createSlices(clock: Pick<Clock, 'monotonic' | 'sleep'>) {
  let endedAt = Number.NEGATIVE_INFINITY;
  /** The used part of the slice, in milliseconds. */
  let used = 0;

  /** Returns the time that is left in the slice, in milliseconds. */
  function readBudget(): number {
    if (clock.monotonic() - endedAt >= Math.max(REST_MS, used)) used = 0;
    return SLICE_MS - used;
  }

  /** Does at least one step, and as many more as fit into the slice. */
  function advance<T>(work: Work<T>): void {
    const budget = readBudget();
    const startedAt = clock.monotonic();
    for (let count = 1; count <= MAX_STEPS && work.result === null; count += 1) {
      const step = work.steps.next();
      if (step.done === true) work.result = { value: step.value };
      else if (clock.monotonic() - startedAt >= budget) break;
    }
    endedAt = clock.monotonic();
    used += endedAt - startedAt;
  }

  async function waitForTurn(): Promise<void> {
    await clock.sleep(REST_MS);
    for (let rests = 0; rests < MAX_RESTS && readBudget() <= 0; rests += 1)
      await clock.sleep(REST_MS);
  }

  /** Finishes the work and returns its result. All callers that wait for the same work share its slices. */
  async function finish<T>(work: Work<T>): Promise<T> {
    for (;;) {
      if (work.result !== null) return work.result.value;
      await waitForTurn();
      if (work.result === null) advance(work);
    }
  }

  /** Begins work and does its first slice. Work that fits into that slice is done when this returns. */
  const begin = <T>(steps: Steps<T>): Work<T> => {
    const work: Work<T> = { steps, result: null };
    advance(work);
    return work;
  };
  return {
    begin,
    finish,
    run: <T>(steps: Steps<T>) => finish(begin(steps)),
    pause: () => clock.sleep(REST_MS),
  };
}

/** Work whose result is the same for the same key. */
interface SharedWork<Key, T> {
  readonly slices: Slices;
  /** By default, two keys are the same if they are the same value. */
  readonly isSame?: (a: Key, b: Key) => boolean;
  /** Starts the work. `before` is the last result for another key, or null. */
  readonly start: (key: Key, before: T | null) => Steps<T>;
}

/** Creates a function that does the work for a key once, and returns that result until it is called with another key. */
export function createSharedWork<Key, T>({
  slices,
  isSame = Object.is,
  start,
}: SharedWork<Key, T>): (key: Key) => Promise<T> {
  let last: { readonly key: Key; readonly work: Work<T> } | null = null;
  return (key) => {
    if (last === null || !isSame(last.key, key)) {
      const before = last?.work.result?.value ?? null;
      last = { key, work: slices.begin(start(key, before)) };
    }
    return slices.finish(last.work);
  };
}
