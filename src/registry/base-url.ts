const HOST = /^(\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/iu;

/** The parts of an address, split but not yet validated. */
export interface AddressParts {
  readonly scheme: string;
  /** The text before the last `@` of the authority, or null if there is none. */
  readonly userinfo: string | null;
  /** Host and port. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly hasFragment: boolean;
}

/** Splits `scheme://[userinfo@]host[:port][/path][?query][#fragment]`; returns null for any other form. */
export function splitAddress(text: string): AddressParts | null {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/su.exec(text);
  if (match === null) return null;
  const [, scheme = '', authority = '', path = '', query = '', fragment] = match;
  const at = authority.lastIndexOf('@');
  return {
    scheme,
    userinfo: at === -1 ? null : authority.slice(0, at),
    host: authority.slice(at + 1),
    path,
    query,
    hasFragment: fragment !== undefined,
  };
}

/** Creates a base URL without a slash or `/v1` at its end; null for an invalid host, port or path. */
export function toBaseUrl(options: {
  protocol: 'http' | 'https';
  defaultPort: number;
  host: string;
  path: string;
}): string | null {
  const match = HOST.exec(options.host);
  if (match === null) return null;
  const port = match[2] === undefined ? options.defaultPort : Number(match[2]);
  if (port < 1 || port > 65535 || options.path.includes('\\')) return null;
  const text = `${options.protocol}://${match[1]}:${port}${options.path}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.origin + url.pathname.replace(/(?:\/+v1)?\/*$/u, '');
}

/** Parses a base URL of http or https; null for others, and with credentials, a query or a fragment. */
export function parseHttpBase(text: string): string | null {
  const parts = splitAddress(text.trim());
  if (parts === null || parts.userinfo !== null || parts.query !== '' || parts.hasFragment) {
    return null;
  }
  const { scheme: protocol } = parts;
  if (protocol !== 'http' && protocol !== 'https') return null;
  return toBaseUrl({ protocol, defaultPort: protocol === 'https' ? 443 : 80, ...parts });
}
