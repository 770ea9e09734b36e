/** What speaks at a provider's address. */
export type ProviderKind = 'llama-swap' | 'openai' | 'deepseek';

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

/** What is particular to a kind. */
interface KindPolicy {
  /** Whether it is on the owner's machines, and so may answer bare IDs. */
  readonly local: boolean;
  /** Whether it tells at `/running` what is loaded. */
  readonly running: boolean;
  /** Whether `/upstream/{model}/...` leads through it to a model's own server. */
  readonly upstream: boolean;
  /** Whether its chat completions know `max_tokens`, and not the younger `max_completion_tokens`. */
  readonly maxTokens: boolean;
  /** What stands before `/v1/messages` there. */
  readonly anthropicBase: '' | `/${string}`;
  /** The settings that mend a wrong address, a wrong key and a timeout that is too short. */
  readonly mend: { readonly address: string; readonly key: string; readonly timeout: string };
}

const IN_PROVIDERS = { address: 'PROVIDERS', key: 'PROVIDERS', timeout: 'PROVIDERS' };

/** Each kind's policy, as data: code asks this and never compares kinds. */
export const PROVIDER_KINDS: Readonly<Record<ProviderKind, KindPolicy>> = {
  'llama-swap': {
    local: true,
    running: true,
    upstream: true,
    maxTokens: true,
    anthropicBase: '',
    mend: IN_PROVIDERS,
  },
  openai: {
    local: true,
    running: false,
    upstream: false,
    maxTokens: false,
    anthropicBase: '',
    mend: IN_PROVIDERS,
  },
  deepseek: {
    local: false,
    running: false,
    upstream: false,
    maxTokens: false,
    anthropicBase: '/anthropic',
    mend: { address: 'DEEPSEEK_BASE_URL', key: 'DEEPSEEK_API_KEY', timeout: 'PROBE_TIMEOUT_MS' },
  },
};

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

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
