import type { Steps } from '../steps.ts';

/** The approximate number of items that are sorted or merged in one step. */
const STEP = 256;

/** Sorts like `toSorted`, in steps. The sort is stable: equal items keep their order. */
export function* sortInSteps<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Steps<readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += STEP) {
    if (start > 0) yield;
    runs.push(items.slice(start, start + STEP).toSorted(compare));
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = [];
    for (let first = 0; first < runs.length; first += 2) {
      merged.push(yield* merge(runs[first] ?? [], { other: runs[first + 1] ?? [], compare }));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(
  one: readonly T[],
  { other, compare }: { other: readonly T[]; compare: (a: T, b: T) => number },
): Steps<readonly T[]> {
  const merged: T[] = [];
  let at = 0;
  for (const item of other) {
    for (; at < one.length; at += 1) {
      const next = one[at] as T;
      if (compare(next, item) > 0) break;
      if (merged.push(next) % STEP === 0) yield;
    }
    if (merged.push(item) % STEP === 0) yield;
  }
  return [...merged, ...one.slice(at)];
}
