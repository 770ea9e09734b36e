import type { Slices, Work } from './slices.ts';
import type { Steps } from '../steps.ts';

/** Creates a function that does the work for a key once, and returns that result until it is called with another key. */
export function createSharedWork<Key, T>(options: {
  slices: Slices;
  isSame: (a: Key, b: Key) => boolean;
  start: (key: Key) => Steps<T>;
}): (key: Key) => Promise<T> {
  const { slices, isSame, start } = options;
  let last: { readonly key: Key; readonly work: Work<T> } | null = null;
  return (key) => {
    if (last === null || !isSame(last.key, key)) last = { key, work: slices.begin(start(key)) };
    return slices.finish(last.work);
  };
}
