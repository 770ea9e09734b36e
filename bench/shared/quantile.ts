/** The number below which a share of some numbers lies, from 0 to 1; NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The median; NaN of none. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}
