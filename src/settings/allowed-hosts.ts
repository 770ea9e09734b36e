import type { Fault } from '../registry/fault.ts';

/**
 * The host names that requests may use in addition to those that are always allowed: `a.example` and `*.a.example`;
 * null for any.
 */
export type AllowedHosts = readonly string[] | null;

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`, 'u');

/** Parses `ALLOWED_HOSTS`: each entry is only a host name, `*.` and a name for all names below it, or `*` for any. */
export function parseAllowedHosts(entries: readonly string[], faults: Fault[]): AllowedHosts {
  const names = entries.map((entry) => entry.trim());
  for (const [index, name] of names.entries()) {
    if (name === '*' || (name.length <= 253 && NAME.test(name))) continue;
    const message =
      'expected a host’s name alone, such as paddock.example or *.example.org, or * for any: in small letters, without a scheme, a port or a path';
    faults.push({ variable: 'ALLOWED_HOSTS', entry: `entry ${index + 1}`, message });
  }
  return names.includes('*') ? null : Object.freeze(names);
}
