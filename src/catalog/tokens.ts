/** The largest context window that is accepted from a provider, in tokens. */
const MAX_TOKENS = 1_000_000_000;

/** Reads a context window from a provider: a plausible whole number of tokens, or null for any other value. */
export function toTokens(value: unknown): number | null {
  const isTokens = typeof value === 'number' && Number.isInteger(value);
  return isTokens && value >= 1 && value <= MAX_TOKENS ? value : null;
}
