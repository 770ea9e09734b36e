import * as v from 'valibot';
import type { Entry } from './entry.ts';
import { httpBase, label, MAX_CONTEXT_WINDOW, MAX_TIMEOUT_MS, quoteName } from './value-schemas.ts';

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
  label: v.optional(v.pipe(v.string('expected a string'), label)),
  sidecar: v.optional(httpBase),
  timeoutMs: v.optional(bounded(MAX_TIMEOUT_MS)),
  contextWindow: v.optional(bounded(MAX_CONTEXT_WINDOW)),
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
  const { name, url, label: title, sidecar, timeoutMs, contextWindow } = parsed.output;
  const fields = {
    ...(title === undefined ? {} : { label: title }),
    ...(sidecar === undefined ? {} : { sidecar }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
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
  return `"${key}": ${isMissing ? 'expected a value, for the field is missing' : issue.message}`;
}
