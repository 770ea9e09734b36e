/** Durations counted in buckets, in seconds. */
export interface Histogram {
  /** The upper bound of each bucket, in ascending order. One more bucket counts longer durations. */
  readonly bounds: readonly number[];
  /** The number of durations in each bucket, not cumulative. */
  readonly counts: number[];
  sum: number;
}

/** Creates an empty histogram. */
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
