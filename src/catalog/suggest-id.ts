import type { Registry } from '../registry/registry.ts';
import { joinId } from '../resolve/composite-id.ts';
import { findAlike, findServed, hasList } from './find-listed.ts';
import type { Snapshot } from './snapshot.ts';

/** The providers, and what is known about their lists. */
export interface KnownLists {
  readonly registry: Registry;
  readonly snapshot: Snapshot | null;
}

/** The most parts of an ID that are examined. */
const MAX_PARTS = 6;

/** Whether an ID may be meant as `provider/model`. */
export function hasSlash(id: string): boolean {
  return id.includes('/') || (id.includes('%') && /%2f/iu.test(id));
}

/**
 * Returns the composite ID that was probably meant by an ID whose first part is no provider's name, or null. `paddock/` or
 * `openai/` may stand before the right ID, the provider's name may be misspelt, and the slash may be percent-encoded.
 */
export function suggestId(text: string, known: KnownLists): string | null {
  const { registry, snapshot } = known;
  const parts = text.replaceAll(/%2f/giu, '/').split('/');
  const starts = parts.slice(0, MAX_PARTS);
  const providers = rankProviders(starts, registry);
  for (const find of [findServed, findAlike]) {
    for (const index of starts.keys()) {
      const name = parts.slice(index).join('/');
      for (const { provider } of providers) {
        const found = find(joinId(provider, name), snapshot);
        if (found !== null) return joinId(provider, found.model);
      }
    }
  }
  return guessUnlisted(parts, { providers, snapshot });
}

/** A provider, and which part of an ID looks like its name. */
interface Ranked {
  readonly provider: string;
  readonly likeness: number;
  /** The index of that part. */
  readonly at: number;
}

/** How much a text looks like a provider's name. */
const LIKENESS = { none: 0, close: 1, equal: 2 } as const;

/** Sorts the providers: by likeness to a part of the ID, then the default provider, then in the order of the settings. */
function rankProviders(
  parts: readonly string[],
  { providers, defaultProvider }: Registry,
): readonly Ranked[] {
  const ranked = [...providers.keys()].map((provider): Ranked => {
    const found = parts.map((part) => compareNames(part, provider));
    const likeness = Math.max(...found);
    return { provider, likeness, at: found.indexOf(likeness) };
  });
  const isDefault = ({ provider }: Ranked) => (provider === defaultProvider ? 1 : 0);
  return ranked.toSorted((a, b) => b.likeness - a.likeness || isDefault(b) - isDefault(a));
}

/** Returns an ID that no list shows: of a provider that was clearly meant, or of one like it whose list is unknown. */
function guessUnlisted(
  parts: readonly string[],
  { providers, snapshot }: { providers: readonly Ranked[]; snapshot: Snapshot | null },
): string | null {
  const guess = providers.find(
    ({ provider, likeness }) =>
      likeness === LIKENESS.equal || (likeness === LIKENESS.close && !hasList(provider, snapshot)),
  );
  const model = guess === undefined ? '' : parts.slice(guess.at + 1).join('/');
  return guess === undefined || model === '' ? null : joinId(guess.provider, model);
}

/** The shortest name that is compared by its beginning and end. */
const MIN_LENGTH = 3;
/** The share of the shorter name that its beginning and end must have in common with the other. */
const CLOSE_SHARE = 0.75;

/** Compares a text with a provider's name, ignoring case and punctuation. */
function compareNames(text: string, provider: string): number {
  const [a, b] = [toLetters(text), toLetters(provider)];
  if (a.join('') === b.join('')) return LIKENESS.equal;
  const shorter = Math.min(a.length, b.length);
  if (shorter < MIN_LENGTH) return LIKENESS.none;
  const common = countCommon(a, b) + countCommon(a.toReversed(), b.toReversed());
  return common >= shorter * CLOSE_SHARE ? LIKENESS.close : LIKENESS.none;
}

function toLetters(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]/gu) ?? [];
}

/** Counts the equal characters at the beginning. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((character, index) => character !== b[index]);
  return different === -1 ? a.length : different;
}
