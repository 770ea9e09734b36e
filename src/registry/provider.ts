import { NAME_PATTERN } from '../resolve/id-schemas.ts';
import type { ProviderKind } from './provider-kind.ts';

/** A named source of models, as the settings describe it. */
export interface Provider {
  readonly name: string;
  /** The text that users see instead of the name. */
  readonly label: string;
  readonly kind: ProviderKind;
  /** The base URL for catalog and management requests, without a trailing slash, `/v1` or credentials. */
  readonly baseUrl: string;
  /** The base URL for inference instead of `baseUrl`, in the same form, or null. */
  readonly sidecarUrl: string | null;
  /** The provider's own credential, or null. It must never be shown or logged. */
  readonly token: string | null;
  /** The time limit of one probe, in milliseconds. */
  readonly timeoutMs: number;
  /** The configured context window of all its models, in tokens, or null. */
  readonly contextWindow: number | null;
}

const NAME = new RegExp(NAME_PATTERN, 'u');

/** The rule for provider names, in words. */
export const NAME_RULE =
  'a name of 1 to 63 characters from a-z, 0-9, ".", "_" and "-", with a letter or digit at both ends, other than the reserved "any"';

/** Whether a text has the form of names in the settings: of providers and of keys. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text is a valid provider name. */
export function isProviderName(text: string): boolean {
  return isName(text) && text !== 'any';
}

/** The authorization header for a provider: its token, or a placeholder that an upstream without a key ignores. */
export function toCredentials(provider: Provider): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${provider.token ?? 'no-key'}` };
}
