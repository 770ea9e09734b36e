/** A figure in so many decimals, or a question mark where there is none. */
export function toFixed(figure: number | null, decimals: number): string {
  return figure === null || Number.isNaN(figure) ? '?' : figure.toFixed(decimals);
}

/** Bytes as mebibytes; NaN where there are none. */
export function toMebibytes(bytes: number | null): number {
  return bytes === null ? Number.NaN : bytes / (1024 * 1024);
}
