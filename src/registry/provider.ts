import { NAME_PATTERN } from '../resolve/id-schemas.ts';
import type { ProviderKind } from './provider-kind.ts';

/** A named upstream that serves models, as the settings describe it. */
export interface Provider {
  readonly name: string;
  /** What people see instead of the name. */
  readonly label: string;
  readonly kind: ProviderKind;
  /** Where catalog and management requests go; no trailing slash, no `/v1`, no credentials. */
  readonly baseUrl: string;
  /** Where inference goes instead, or null; of the same form as `baseUrl`. */
  readonly sidecarUrl: string | null;
  /** The provider's own credential, or null. Never shown, never logged. */
  readonly token: string | null;
  /** How long one probe of it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The context window that its owner set for all its models, in tokens, or null. */
  readonly contextWindow: number | null;
}

const NAME = new RegExp(NAME_PATTERN, 'u');

/** What a provider's name may be, in words. */
export const NAME_RULE =
  'a name of 1 to 63 characters from a-z, 0-9, ".", "_" and "-", with a letter or digit at both ends, other than the reserved "any"';

/** Whether a text has the form of all names that the settings give: to providers, and to keys. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text can be a provider's name. */
export function isProviderName(text: string): boolean {
  return isName(text) && text !== 'any';
}
