import { canChat } from '../../../src/catalog/can-chat.ts';
import type { Catalog, Model } from '../../fleet/catalog.ts';
import { listModels, pickDefaultModel } from '../completion/pick-default-model.ts';

/** The maximum number of models in the arena. */
export const MAX_CONTENDERS = 4;

/**
 * Returns the models that the arena starts with: those of its role, else the favorites, else the default model and
 * another one.
 */
export function pickContenders(catalog: Catalog, role: readonly string[]): string[] {
  if (role.length > 0) return role.slice(0, MAX_CONTENDERS);
  const favorites = catalog.favorites.filter(canChat).map(({ id }) => id);
  if (favorites.length > 1) return favorites.slice(0, MAX_CONTENDERS);
  const first = pickDefaultModel(catalog, null);
  return [first, pickAnother(catalog, [first])].filter((id) => id !== null);
}

/** Returns a model to add: a favorite, else one that is ready, else any; null if there is no other. */
export function pickAnother(catalog: Catalog, taken: readonly (string | null)[]): string | null {
  const isFree = (model: Model) => canChat(model) && !taken.includes(model.id);
  const free = listModels(catalog).filter(isFree);
  const other = catalog.favorites.find(isFree) ?? free.find(({ state }) => state === 'ready');
  return (other ?? free[0])?.id ?? null;
}
