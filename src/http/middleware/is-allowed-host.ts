import { HOST_LABEL, type AllowedHosts } from '../../settings/allowed-hosts.ts';

const HOST = new RegExp(
  String.raw`^(?:(\[[0-9a-f:.]+\])|(${HOST_LABEL}(?:\.${HOST_LABEL})*)\.?)(?::\d{1,5})?$`,
  // No u flag: with it, two non-ASCII letters would match case-insensitively.
  'i',
);
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u;
/** Other forms of an IPv4 address. Browsers parse them as addresses and never resolve them. */
const NUMBER_LAST = /(?:^|\.)(?:\d+|0x[\da-f]*)$/u;
/** Suffixes that no public web page can have: names of loopback, of home networks and of the user's own tailnet. */
const OWN_SUFFIX = /\.(?:localhost|local|lan|home\.arpa|internal|ts\.net)$/u;

/** Returns the name or address in a `Host` header, lower-case, without port and trailing dot; null if it is invalid. */
export function readHostName(host: string): string | null {
  if (host.length > 260) return null;
  const [, address, name] = HOST.exec(host) ?? [];
  return (address ?? name)?.toLowerCase() ?? null;
}

/**
 * Whether a request may address Paddock by a name that `readHostName` returned. DNS rebinding, in which a foreign page's
 * name resolves to Paddock's address, needs a name in the public DNS. Addresses, names without a dot and names of private
 * networks are not in the public DNS.
 */
export function isAllowedHost(name: string, allowed: NonNullable<AllowedHosts>): boolean {
  if (name.startsWith('[') || IPV4.test(name)) return true;
  if (NUMBER_LAST.test(name)) return false;
  return !name.includes('.') || OWN_SUFFIX.test(name) || allowed.some((entry) => fits(name, entry));
}

function fits(name: string, entry: string): boolean {
  return entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry;
}
