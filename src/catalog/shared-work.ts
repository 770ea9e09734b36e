import type { Steps } from '../steps.ts';
import type { Slices, Work } from './slices.ts';

/** Work whose result is the same for the same key. */
export interface SharedWork<Key, T> {
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
