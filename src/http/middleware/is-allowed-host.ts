import type { AllowedHosts } from '../../settings/allowed-hosts.ts';

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(
  String.raw`^(?:(\[[0-9a-f:.]+\])|(${LABEL}(?:\.${LABEL})*)\.?)(?::\d{1,5})?$`,
  // Without u, under which two letters beyond ASCII would be some of these.
  'i',
);
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u;
/** What browsers take for an IPv4 address in one of its other forms, and never ask a resolver for. */
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[\da-f]*)$/u;
/** Names that nobody can have for a page of theirs: of loopback, of home networks, and of one's own tailnet. */
const OWN_SUFFIX = /\.(?:localhost|local|lan|home\.arpa|internal|ts\.net)$/u;

/** The name or address in a `Host` header, in small letters, without its port and a dot at its end; null where it is none. */
export function readHostName(host: string): string | null {
  if (host.length > 260) return null;
  const [, address, name] = HOST.exec(host) ?? [];
  return (address ?? name)?.toLowerCase() ?? null;
}

/**
 * Whether Paddock may be called by a name, as `readHostName` gives it. A page elsewhere that has its own name resolve to
 * Paddock's address (DNS rebinding) needs a name of the public DNS: addresses, names without a dot and those of private
 * networks are none.
 */
export function isAllowedHost(name: string, allowed: NonNullable<AllowedHosts>): boolean {
  if (name.startsWith('[') || IPV4.test(name)) return true;
  if (NUMBER_LAST.test(name)) return false;
  return !name.includes('.') || OWN_SUFFIX.test(name) || allowed.some((entry) => fits(name, entry));
}

function fits(name: string, entry: string): boolean {
  return entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry;
}
