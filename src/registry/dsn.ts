import * as v from 'valibot';
import { splitAddress, toBaseUrl, type AddressParts } from './base-url.ts';
import type { ProviderKind } from './provider.ts';
import { contextWindow, httpBase, label, quoteName, timeoutMs } from './value-schemas.ts';

/** What a DSN says of a provider; what it leaves out is absent. */
export interface Dsn {
  kind: ProviderKind;
  baseUrl: string;
  token: string | null;
  label?: string;
  sidecar?: string;
  timeoutMs?: number;
  contextWindow?: number;
}

/** A parsed DSN, or every reason why it is none. No reason quotes a part that could hold a token. */
export type DsnOutcome =
  | { readonly ok: true; readonly dsn: Dsn }
  | { readonly ok: false; readonly reasons: readonly string[] };

// A second scheme for https, as redis and rediss have: nothing else in a DSN says http or https.
const SCHEMES: ReadonlyMap<
  string,
  { kind: 'llama-swap' | 'openai'; protocol: 'http' | 'https'; defaultPort: number }
> = new Map([
  ['llama-swap', { kind: 'llama-swap', protocol: 'http', defaultPort: 8080 }],
  ['llama-swaps', { kind: 'llama-swap', protocol: 'https', defaultPort: 443 }],
  ['openai', { kind: 'openai', protocol: 'http', defaultPort: 80 }],
  ['openais', { kind: 'openai', protocol: 'https', defaultPort: 443 }],
]);

const EXPECTED =
  'expected scheme://[token@]host[:port][/base][?label=&sidecar=&timeout=&context=] with the scheme llama-swap, llama-swaps, openai or openais';
const EXPECTED_HOST =
  'expected a host name, an IPv4 address or an IPv6 address in brackets, with a port from 1 to 65535 or none';
const STRAY_AT =
  'has an "@" after its host: a token\'s "/", "?", "#" and "@" must be percent-encoded (%2F, %3F, %23, %40)';

/** Parses one DSN. */
export function parseDsn(text: string): DsnOutcome {
  if (/[\s\p{Cc}]/u.test(text)) return refuse('a DSN holds no white space: percent-encode it');
  const parts = splitAddress(text);
  const scheme = parts === null ? undefined : SCHEMES.get(parts.scheme);
  if (parts === null || scheme === undefined) return refuse(EXPECTED);
  // Whatever follows may then be a piece of the token, so nothing more is said of it.
  if (text.lastIndexOf('@') > `${parts.scheme}://${parts.userinfo ?? ''}`.length) {
    return refuse(STRAY_AT);
  }

  const reasons: string[] = [];
  if (parts.hasFragment) reasons.push('expected nothing after "#"');
  const token = parseToken(parts.userinfo, reasons);
  const baseUrl = toBaseUrl({ ...scheme, host: parts.host, path: parts.path });
  if (baseUrl === null) reasons.push(EXPECTED_HOST);
  const options = parseOptions(parts, reasons);
  if (reasons.length > 0 || baseUrl === null) return { ok: false, reasons };
  return { ok: true, dsn: { kind: scheme.kind, baseUrl, token, ...options } };
}

/** Whether a credential can stand in a header: visible ASCII, no spaces. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/u.test(text);
}

function parseToken(userinfo: string | null, reasons: string[]): string | null {
  if (userinfo === null) return null;
  if (userinfo.includes(':')) {
    reasons.push('expected token@host: user:password@ is not accepted (a ":" in a token is %3A)');
    return null;
  }
  const token = decodePercent(userinfo);
  if (token === null || !isToken(token)) {
    reasons.push('expected a percent-encoded token of visible ASCII characters before the "@"');
    return null;
  }
  return token;
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const OPTIONS = {
  label: { field: 'label', schema: label },
  timeout: { field: 'timeoutMs', schema: timeoutMs },
  context: { field: 'contextWindow', schema: contextWindow },
  sidecar: { field: 'sidecar', schema: httpBase },
} as const;

function parseOptions({ query }: AddressParts, reasons: string[]): Partial<Dsn> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(query)) {
    if (!Object.hasOwn(OPTIONS, key)) {
      const expected = 'expected label, sidecar, timeout or context';
      reasons.push(`unknown query option${quoteName(key)}: ${expected}`);
      continue;
    }
    const { field, schema } = OPTIONS[key as keyof typeof OPTIONS];
    const parsed = v.safeParse(schema, value);
    if (Object.hasOwn(found, field)) reasons.push(`the query option "${key}" stands there twice`);
    else if (parsed.success) found[field] = parsed.output;
    else reasons.push(`query option "${key}": ${parsed.issues[0].message}`);
  }
  return found;
}

function refuse(reason: string): DsnOutcome {
  return { ok: false, reasons: [reason] };
}
