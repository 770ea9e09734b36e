import * as v from 'valibot';
import { splitAddress, toBaseUrl, type AddressParts } from './base-url.ts';
import type { ProviderKind } from './provider-kind.ts';
import { contextWindow, httpBase, label, quoteName, timeoutMs } from './value-schemas.ts';

/** The parts of a DSN. Options that it leaves out are absent. */
export interface Dsn {
  kind: ProviderKind;
  baseUrl: string;
  token: string | null;
  label?: string;
  sidecar?: string;
  timeoutMs?: number;
  contextWindow?: number;
}

/** A parsed DSN, or every reason why it is not valid. No reason quotes a part that could contain a token. */
export type DsnOutcome =
  | { readonly ok: true; readonly dsn: Dsn }
  | { readonly ok: false; readonly reasons: readonly string[] };

const EXPECTED_HOST =
  'expected a host name, an IPv4 address or an IPv6 address in brackets, with a port from 1 to 65535 or none';
const STRAY_AT =
  'has an "@" after its host: a token\'s "/", "?", "#" and "@" must be percent-encoded (%2F, %3F, %23, %40)';

/** The meaning of a DSN's scheme: the kind of the provider, its protocol and its default port. */
interface Scheme {
  readonly kind: ProviderKind;
  readonly protocol: 'http' | 'https';
  readonly defaultPort: number;
}

// Each kind has a second scheme for https, like redis and rediss: nothing else in a DSN selects http or https.
function toSchemes(kinds: readonly ProviderKind[]): ReadonlyMap<string, Scheme> {
  return new Map(
    kinds.flatMap((kind): [string, Scheme][] =>
      kind.httpPort === null
        ? []
        : [
            [kind.name, { kind, protocol: 'http', defaultPort: kind.httpPort }],
            [`${kind.name}s`, { kind, protocol: 'https', defaultPort: 443 }],
          ],
    ),
  );
}

/** Parses one DSN of one of these kinds of provider. */
export function parseDsn(text: string, kinds: readonly ProviderKind[]): DsnOutcome {
  if (/[\s\p{Cc}]/u.test(text))
    return refuse('a DSN cannot contain white space: percent-encode it');
  const schemes = toSchemes(kinds);
  const parts = splitAddress(text);
  const scheme = parts === null ? undefined : schemes.get(parts.scheme);
  if (parts === null || scheme === undefined) return refuse(toExpected([...schemes.keys()]));
  // The rest may then be a part of the token, so no further reasons are given.
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

/** Whether a credential is valid in a header: visible ASCII, no spaces. */
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
    if (Object.hasOwn(found, field)) reasons.push(`the query option "${key}" is given twice`);
    else if (parsed.success) found[field] = parsed.output;
    else reasons.push(`query option "${key}": ${parsed.issues[0].message}`);
  }
  return found;
}

function toExpected(schemes: readonly string[]): string {
  const list = `${schemes.slice(0, -1).join(', ')} or ${schemes.at(-1)}`;
  return `expected scheme://[token@]host[:port][/base][?label=&sidecar=&timeout=&context=] with the scheme ${list}`;
}

function refuse(reason: string): DsnOutcome {
  return { ok: false, reasons: [reason] };
}
