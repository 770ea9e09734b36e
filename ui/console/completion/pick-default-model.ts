import { pickChatModel } from '../../../src/catalog/can-chat.ts';
import type { Catalog, Model } from '../../fleet/catalog.ts';

/**
 * Returns the model that a new conversation starts with, or null if the catalog has none. `lastUsed` is the model
 * last used in this browser.
 */
export function pickDefaultModel(catalog: Catalog, lastUsed: string | null): string | null {
  const models = listModels(catalog);
  const known = models.find(({ id }) => id === lastUsed);
  if (known !== undefined) return known.id;
  const first = pickChatModel(catalog) ?? models[0];
  const { defaultModel } = catalog;
  if (defaultModel?.available === false && first !== undefined) return first.id;
  return defaultModel?.id ?? first?.id ?? null;
}

/** Returns all models of the catalog, in its order. */
export function listModels(catalog: Catalog): Model[] {
  return catalog.providers.flatMap(({ models }) => models);
}
