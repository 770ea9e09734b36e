import * as v from 'valibot';
import { toOneLine } from '../errors.ts';
import { parseHttpBase } from './base-url.ts';

/** The largest time limit of a probe, in milliseconds. */
export const MAX_TIMEOUT_MS = 600_000;

/** The largest context window that can be configured, in tokens. */
export const MAX_CONTEXT_WINDOW = 1_000_000_000;

/** Creates the schema of a whole number in decimal digits, within bounds. */
export function wholeNumber(minimum: number, maximum: number) {
  return v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (text) => /^\d{1,12}$/u.test(text) && Number(text) >= minimum && Number(text) <= maximum,
      `expected a whole number from ${minimum} to ${maximum}`,
    ),
    v.transform(Number),
  );
}

/** The time limit of a probe, in milliseconds. */
export const timeoutMs = wholeNumber(1, MAX_TIMEOUT_MS);

/** A context window, in tokens. */
export const contextWindow = wholeNumber(1, MAX_CONTEXT_WINDOW);

/** The text that users see instead of a provider's name. */
export const label = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^\P{Cc}{1,100}$/u, 'expected a text of 1 to 100 characters without control characters'),
);

/** An `http:` or `https:` base URL, without credentials. */
export const httpBase = v.pipe(
  v.string('expected a string'),
  v.transform(parseHttpBase),
  v.string('expected http://host[:port][/base] or https://…, without credentials'),
);

/** Quotes an unknown name for a message, with a space before it; returns an empty text if it may be a part of a token. */
export function quoteName(name: string): string {
  return /^[a-z_-]{1,24}$/iu.test(name) ? ` "${name}"` : '';
}

/** Quotes a received value for a message: short, on one line, and hidden if it may be an address with a token. */
export function quote(text: string): string {
  if (/@|:\/\//u.test(text)) return 'text that looks like an address';
  return toOneLine(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}
