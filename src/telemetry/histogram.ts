/** Durations, counted by how long they were. All are in seconds. */
export interface Histogram {
  /** The longest duration of each bucket, in ascending order; what is longer than all is in one more. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket alone. */
  readonly counts: number[];
  sum: number;
}

/** Makes an empty histogram. */
export function createHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: [...bounds, Infinity].map(() => 0), sum: 0 };
}

/** Counts one duration. */
export function addDuration(histogram: Histogram, seconds: number): void {
  const { bounds, counts } = histogram;
  let bucket = 0;
  while (bucket < bounds.length && seconds > (bounds[bucket] ?? Infinity)) bucket += 1;
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  histogram.sum += seconds;
}
