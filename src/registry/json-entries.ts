import * as v from 'valibot';
import type { Dsn } from './dsn.ts';
import { httpBase, label, MAX_CONTEXT_WINDOW, MAX_TIMEOUT_MS, quoteName } from './value-schemas.ts';

/** One entry of `PROVIDERS` in either of its forms, split but not yet validated. */
export interface Entry {
  /** The number of the entry, from 1. */
  readonly position: number;
  readonly name: string;
  /** The DSN, or null if the entry has none. */
  readonly url: string | null;
  /** The fields that the entry gives outside the DSN. */
  readonly fields: Partial<Dsn>;
  readonly reasons: readonly string[];
}

const bounded = (maximum: number) => {
  const expected = `expected a whole number from 1 to ${maximum}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(1, expected),
    v.maxValue(maximum, expected),
  );
};

// Every message is Paddock's own: the library's messages quote the received value, which may be a token.
const ENTRY = v.object({
  name: v.string('expected a string'),
  url: v.string('expected a DSN as a string'),
  label: v.exactOptional(v.pipe(v.string('expected a string'), label)),
  sidecar: v.exactOptional(httpBase),
  timeoutMs: v.exactOptional(bounded(MAX_TIMEOUT_MS)),
  contextWindow: v.exactOptional(bounded(MAX_CONTEXT_WINDOW)),
});

const SHAPE = '{name, url, label?, sidecar?, timeoutMs?, contextWindow?}';

/** Parses the JSON form of `PROVIDERS`; returns null if the text is not a JSON array. */
export function parseJsonEntries(text: string): readonly Entry[] | null {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return null;
  }
  return Array.isArray(entries) ? entries.map((entry, index) => toEntry(entry, index + 1)) : null;
}

function toEntry(value: unknown, position: number): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { position, name: '', url: null, fields: {}, reasons: [`expected an object ${SHAPE}`] };
  }
  const parsed = v.safeParse(ENTRY, value);
  const reasons = [...findUnknown(value), ...(parsed.issues ?? []).map(toReason)];
  if (!parsed.success) {
    // Keep the valid name and URL, so that their faults are reported at the same time.
    const name = 'name' in value && typeof value.name === 'string' ? value.name : '';
    const url = 'url' in value && typeof value.url === 'string' ? value.url : null;
    return { position, name, url, fields: {}, reasons };
  }
  const { name, url, ...fields } = parsed.output;
  return { position, name, url, fields, reasons };
}

function findUnknown(value: object): string[] {
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(ENTRY.entries, key));
  const expected = `expected ${Object.keys(ENTRY.entries).join(', ')}`;
  return unknown.map((key) => `unknown field${quoteName(key)}: ${expected}`);
}

function toReason(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? '';
  const isMissing = issue.kind === 'schema' && issue.input === undefined;
  return `"${key}": ${isMissing ? 'expected a value, but the field is missing' : issue.message}`;
}
