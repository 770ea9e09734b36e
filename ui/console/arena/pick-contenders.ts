import type { Catalog, Model } from '../../herd/catalog.ts';
import { canTalk, listModels, pickDefaultModel } from '../completion/pick-default-model.ts';

/** How many models an arena sets beside each other at most. */
export const MOST_CONTENDERS = 4;

/** The models that an arena begins with: those of its role, else the favorites, else the default one and another. */
export function pickContenders(catalog: Catalog, role: readonly string[]): string[] {
  if (role.length > 0) return role.slice(0, MOST_CONTENDERS);
  const favorites = catalog.favorites.filter(canTalk).map(({ id }) => id);
  if (favorites.length > 1) return favorites.slice(0, MOST_CONTENDERS);
  const first = pickDefaultModel(catalog, null);
  return [first, pickAnother(catalog, [first])].filter((id) => id !== null);
}

/** A model to set beside others: a favorite, one that is ready, or any; null where there is no other. */
export function pickAnother(catalog: Catalog, taken: readonly (string | null)[]): string | null {
  const isFree = (model: Model) => canTalk(model) && !taken.includes(model.id);
  const free = listModels(catalog).filter(isFree);
  const other = catalog.favorites.find(isFree) ?? free.find(({ state }) => state === 'ready');
  return (other ?? free[0])?.id ?? null;
}
