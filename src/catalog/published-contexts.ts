import type { ProviderKind } from '../registry/provider.ts';

/** The context windows that a cloud's own documentation gives, in tokens, by the model's exact name. */
interface PublishedContexts {
  readonly source: string;
  /** When the source was read. */
  readonly date: string;
  readonly tokens: Readonly<Record<string, number>>;
}

/** By kind, and not by name: a model on somebody's own machine has the window that its owner gave it. */
const PUBLISHED: Readonly<Partial<Record<ProviderKind, PublishedContexts>>> = {
  deepseek: {
    source: 'https://api-docs.deepseek.com/quick_start/pricing',
    date: '2026-11-24',
    tokens: {
      'deepseek-flash': 1_048_576,
      'deepseek-v4-flash': 1_048_576,
      'deepseek-v4-pro': 1_048_576,
      // Retired in July 2026; older settings still name them.
      'deepseek-chat': 131_072,
      'deepseek-reasoner': 131_072,
    },
  },
};

/** The context window that is published for a kind's model of exactly this name, in tokens, or null. */
export function findPublishedContext(kind: ProviderKind, model: string): number | null {
  const tokens = PUBLISHED[kind]?.tokens ?? {};
  return Object.hasOwn(tokens, model) ? (tokens[model] ?? null) : null;
}
