import type { Catalog } from '../client/client.ts';
import { toEditDistance } from './edit-distance.ts';

const MOST = 3;
/** The largest share of a name's characters that may differ. */
const MOST_DIFFERENT = 0.34;

/** Returns the IDs of the models that a user may have meant by an unknown ID, the most likely one first. */
export function suggestIds(asked: string, { providers }: Pick<Catalog, 'providers'>): string[] {
  const models = providers.flatMap((group) => group.models);
  const text = asked.trim().toLowerCase();
  const name = toModelName(text);
  const ranked = models.map(({ id, model, aliases }) => {
    const names = [model, ...aliases].map((one) => one.toLowerCase());
    const rank = Math.min(
      ...[...names, id.toLowerCase()].map((one) => toRank(one, { text, name })),
    );
    return { id, rank };
  });
  // A model of exactly this name on another provider is certainly meant.
  const most = ranked.some(({ id, rank }) => rank === 0 && id !== asked) ? 0 : MOST_DIFFERENT;
  return ranked
    .filter(({ id, rank }) => rank <= most && id !== asked)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ id }) => id);
}

/** Returns a question with the suggestions, to append to a message; an empty text without suggestions. */
export function toSuggestion(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const last = ids.at(-1) ?? '';
  return `Did you mean ${ids.length === 1 ? last : `${ids.slice(0, -1).join(', ')} or ${last}`}?`;
}

/** Returns how far a name is from the text: 0 if they are equal, and infinite if they have little in common. */
function toRank(name: string, asked: { text: string; name: string }): number {
  if (name === asked.text || name === asked.name) return 0;
  const isPart = asked.name.length > 2 && name.includes(asked.name);
  const distances = [asked.text, asked.name].map((one) => toDistance(one, name));
  return Math.min(isPart ? 0.2 : Number.POSITIVE_INFINITY, ...distances);
}

/** Returns the part after the provider that the user wrote, which may be misspelt too. */
function toModelName(text: string): string {
  return text.slice(text.indexOf('/') + 1);
}

/** Returns the share of characters to change. */
function toDistance(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  // For most names a comparison of the lengths is enough.
  const isFar = Math.abs(a.length - b.length) > longest * MOST_DIFFERENT;
  return isFar ? Number.POSITIVE_INFINITY : toEditDistance(a, b) / longest;
}
