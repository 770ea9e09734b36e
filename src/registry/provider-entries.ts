import { parseDsn, type Dsn } from './dsn.ts';
import { splitAssignments, type Assignment } from './assignments.ts';
import type { Fault } from './fault.ts';
import { parseJsonEntries, type Entry } from './json-entries.ts';
import type { ProviderKind } from './provider-kind.ts';
import { isProviderName, NAME_RULE, type Provider } from './provider.ts';

/** The parsed `PROVIDERS`: the valid entries, every used name, and all faults. */
export interface ProviderEntries {
  readonly providers: readonly Provider[];
  /** Includes the names of faulty entries, so that one fault does not cause another elsewhere. */
  readonly names: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

const TAKEN = 'expected a name that no earlier entry has';

/** Parses `PROVIDERS`: `name=DSN` entries or a JSON array. `reserved` names have the message for their use. */
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
