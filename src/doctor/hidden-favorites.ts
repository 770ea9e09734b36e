import type { Catalog } from '../catalog/catalog.ts';
import { hasSlash, suggestId, type KnownLists } from '../catalog/suggest-id.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { Finding } from './diagnosis.ts';

/** Finds stored favorites that are not shown now, grouped by reason. */
export function findHiddenFavorites(
  ids: readonly string[],
  { catalog, ...known }: KnownLists & { readonly catalog: Catalog },
): Finding[] {
  const { registry } = known;
  // Check the listed models and not the catalog's favorites: the database may have failed when the catalog was built.
  const listed = new Set(catalog.providers.flatMap(({ models }) => models.map(({ id }) => id)));
  const groups = new Map(catalog.providers.map((group) => [group.name, group]));
  const byReason = new Map<string, string[]>();
  for (const id of ids.filter((one) => !listed.has(one))) {
    const name = splitId(id)?.provider ?? id;
    const reason = !registry.providers.has(name)
      ? `No provider is named ${name}: set it up again, or remove these favorites. Hidden`
      : groups.get(name)?.status === 'online'
        ? `${name} does not list these favorites: add the models to ${name}, or remove them. Hidden`
        : `Hidden while ${name} is offline`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id + toHint(id, known)]);
  }
  return [...byReason].map(([reason, hidden]) => ({
    level: 'warning',
    subject: 'favorites',
    code: 'hidden_favorites',
    message: `${reason}: ${hidden.join(', ')}.`,
  }));
}

/** Returns the ID that was probably meant: a favorite may have been stored under an ID with a wrong prefix. */
function toHint(id: string, known: KnownLists): string {
  const { provider = '', model = '' } = splitId(id) ?? {};
  const isRegistered = known.registry.providers.has(provider);
  if (isRegistered && !hasSlash(model)) return '';
  const suggested = suggestId(isRegistered ? model : id, known);
  return suggested === null || suggested === id ? '' : ` (did you mean ${suggested}?)`;
}
