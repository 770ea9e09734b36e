// Reads values of providers' answers, which may be anything.

/** The largest context window that is accepted from a provider, in tokens. */
const MAX_TOKENS = 1_000_000_000;

/** Reads a context window from a provider: a plausible whole number of tokens, or null for any other value. */
export function toTokens(value: unknown): number | null {
  const isTokens = typeof value === 'number' && Number.isInteger(value);
  return isTokens && value >= 1 && value <= MAX_TOKENS ? value : null;
}

/** The most characters that are kept of a name, and of a description. */
export const LONGEST_NAME = 512;
export const LONGEST_DESCRIPTION = 4096;

/** The most names that are kept of one field. Names longer than `LONGEST_NAME` are dropped: no request can use them. */
const MAX_NAMES = 64;

/** Reads the names in a field; returns none if the field is not an array. */
export function readNames(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const names = value.filter((name): name is string => typeof name === 'string' && isShort(name));
  return names.slice(0, MAX_NAMES);
}

/** Reads the texts in a field; returns none if the field is not an array. */
export function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** Reads the names that are `true` in a field of booleans. */
export function readFlags(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const flags = Object.entries(value).filter(([name, flag]) => flag === true && isShort(name));
  return flags.slice(0, MAX_NAMES).map(([name]) => name);
}

/**
 * Truncates a text to a number of characters. The result is a copy, because engines keep a whole string in memory while a
 * slice of it is in use.
 */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return JSON.parse(JSON.stringify(`${text.slice(0, longest - 1).toWellFormed()}…`)) as string;
}

/** Whether a value nests at most this deep: a value that nests thousands of levels can be parsed but not serialized. */
export function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function isShort(name: string): boolean {
  return name.length > 0 && name.length <= LONGEST_NAME;
}
