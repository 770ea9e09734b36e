import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { findServed, hasList } from './find-listed.ts';
import { hasSlash, suggestId, type KnownLists } from './suggest-id.ts';

/** The most providers that a note names. */
const MAX_PROVIDERS = 12;
/** The longest ID that a note quotes whole, in characters, so that the header stays short. */
const MAX_QUOTED = 80;
/** The longest ID that a note suggests, in characters. */
const MAX_SUGGESTED = 200;

/**
 * Explains why an ID with a slash means a model of the default provider, and which ID was probably meant; null where
 * nothing shows that the ID is wrong. If the provider's list is unknown, a suggestion or a failed request shows it.
 * @param known.hasFailed whether the provider failed to serve the request
 */
export function explainBareId(
  { id, via, provider, model }: ResolvedModel,
  known: KnownLists & { readonly hasFailed?: boolean },
): string | null {
  const { registry, snapshot } = known;
  if (via !== 'bare' || !hasSlash(model) || findServed(id, snapshot) !== null) return null;
  const isKnown = hasList(provider, snapshot);
  const suggested = suggestId(model, known);
  if (!isKnown && suggested === null && known.hasFailed !== true) return null;
  const unlisted = isKnown ? ', which does not list it' : '';
  const advice = toQuestion(suggested) ?? 'Write provider/model.';
  const names = nameProviders([...registry.providers.keys()]);
  return `"${quote(model)}" does not begin with the name of a provider, so it is a bare ID of ${provider}${unlisted}. Providers: ${names}. ${advice}`;
}

/** Returns the question that names a suggested ID; null for none, and for one that is too long to be repeated. */
export function toQuestion(suggested: string | null): string | null {
  const isShort = suggested !== null && suggested.length <= MAX_SUGGESTED;
  return isShort ? `Did you mean ${suggested}?` : null;
}

function quote(id: string): string {
  return id.length <= MAX_QUOTED ? id : `${[...id].slice(0, MAX_QUOTED).join('')}…`;
}

function nameProviders(names: readonly string[]): string {
  const more = names.length - MAX_PROVIDERS;
  return names.slice(0, MAX_PROVIDERS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
