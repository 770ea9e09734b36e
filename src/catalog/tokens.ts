/** The largest context window that is believed of a host, in tokens. */
const MAX_TOKENS = 1_000_000_000;

/** A context window as a host gave it: a whole number of tokens that can be one, or null for whatever else. */
export function toTokens(value: unknown): number | null {
  const isTokens = typeof value === 'number' && Number.isInteger(value);
  return isTokens && value >= 1 && value <= MAX_TOKENS ? value : null;
}
