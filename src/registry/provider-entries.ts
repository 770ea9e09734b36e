import * as v from 'valibot';
import { parseDsn, type Dsn } from './dsn.ts';
import { splitAssignments, type Assignment } from './assignments.ts';
import type { Fault } from './fault.ts';
import type { ProviderKind } from './provider-kind.ts';
import { isProviderName, NAME_RULE, type Provider } from './provider.ts';
import { httpBase, label, MAX_CONTEXT_WINDOW, MAX_TIMEOUT_MS, quoteName } from './value-schemas.ts';

/** The parsed `PROVIDERS`: the valid entries, every used name, and all faults. */
export interface ProviderEntries {
  readonly providers: readonly Provider[];
  /** Includes the names of faulty entries, so that one fault does not cause another elsewhere. */
  readonly names: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/** One entry of `PROVIDERS` in either of its forms, split but not yet validated. */
interface Entry {
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

const TAKEN = 'expected a name that no earlier entry has';

/** Parses `PROVIDERS`: `name=DSN` entries or a JSON array. `reserved` maps forbidden names to messages. */
export function parseProviderEntries(
  text: string,
  options: {
    kinds: readonly ProviderKind[];
    defaultTimeoutMs: number;
    reserved: ReadonlyMap<string, string>;
  },
): ProviderEntries {
  const trimmed = text.trim();
  const entries = trimmed.startsWith('[')
    ? parseJsonEntries(trimmed)
    : splitAssignments(trimmed).map(toEntry);
  if (entries === null) {
    // The JSON parser's own message quotes the text, which may contain a token.
    const message = 'expected a JSON array (it begins with "[", and is not valid JSON)';
    return { providers: [], names: new Set(), faults: [{ variable: 'PROVIDERS', message }] };
  }
  const providers: Provider[] = [];
  const names = new Set<string>();
  const faults: Fault[] = [];
  for (const entry of entries) {
    const dsn = entry.url === null ? null : parseDsn(entry.url, options.kinds);
    const taken = names.has(entry.name) ? TAKEN : options.reserved.get(entry.name);
    const reasons = [...(taken === undefined ? findNameFaults(entry) : [taken]), ...entry.reasons];
    if (dsn !== null) reasons.push(...(dsn.ok ? findRepeated(entry, dsn.dsn) : dsn.reasons));
    faults.push(...reasons.map((message) => toFault(entry, message)));
    if (isProviderName(entry.name)) names.add(entry.name);
    if (reasons.length === 0 && dsn?.ok) {
      const fields = { timeoutMs: options.defaultTimeoutMs, ...dsn.dsn, ...entry.fields };
      providers.push(toProvider(entry.name, fields));
    }
  }
  return { providers, names, faults };
}

function toEntry({ position, name, value }: Assignment): Entry {
  return { position, name, url: value, fields: {}, reasons: [] };
}

function findNameFaults({ name, reasons }: Entry): string[] {
  // `reasons` already report that the entry has the wrong form.
  const isReported = name === '' && reasons.length > 0;
  return isProviderName(name) || isReported ? [] : [`expected name=DSN with ${NAME_RULE}`];
}

function findRepeated({ fields }: Entry, dsn: Dsn): string[] {
  const repeated = Object.keys(fields).filter((field) => field in dsn);
  return repeated.map((field) => `"${field}" is given twice: in the url and as a field`);
}

function toProvider(name: string, dsn: Dsn & { timeoutMs: number }): Provider {
  return {
    name,
    label: dsn.label ?? name,
    kind: dsn.kind,
    baseUrl: dsn.baseUrl,
    sidecarUrl: dsn.sidecar ?? null,
    token: dsn.token,
    timeoutMs: dsn.timeoutMs,
    contextWindow: dsn.contextWindow ?? null,
  };
}

function toFault({ position, name, url }: Entry, message: string): Fault {
  // If no DSN follows, the apparent name may be a part of a token that contains a space.
  const isName = isProviderName(name) && (url === null || /^[a-z][a-z0-9+.-]*:\/\//u.test(url));
  const shown = isName ? ` "${name}"` : '';
  return { variable: 'PROVIDERS', entry: `entry ${position}${shown}`, message };
}

/** Parses the JSON form of `PROVIDERS`; returns null if the text is not a JSON array. */
function parseJsonEntries(text: string): readonly Entry[] | null {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return null;
  }
  return Array.isArray(entries)
    ? entries.map((entry, index) => toJsonEntry(entry, index + 1))
    : null;
}

function toJsonEntry(value: unknown, position: number): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { position, name: '', url: null, fields: {}, reasons: [`expected an object ${SHAPE}`] };
  }
  const parsed = v.safeParse(ENTRY, value);
  const reasons = [...findUnknown(value), ...(parsed.issues ?? []).map(toJsonReason)];
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

function toJsonReason(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue) ?? '';
  const isMissing = issue.kind === 'schema' && issue.input === undefined;
  return `"${key}": ${isMissing ? 'expected a value, but the field is missing' : issue.message}`;
}
