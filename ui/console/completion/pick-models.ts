import type { Catalog, Model } from '../../herd/catalog.ts';

/** What a model is for that does not chat. */
const OTHER_JOBS = new Set(['reranker', 'embeddings', 'audio_transcriptions', 'audio_speech']);

/** The model that a conversation begins with, or null where the herd has none. `lastUsed` is what this browser used last. */
export function pickDefaultModel(catalog: Catalog, lastUsed: string | null): string | null {
  const models = listModels(catalog);
  const talkers = models.filter(canTalk);
  const known = models.find(({ id }) => id === lastUsed);
  if (known !== undefined) return known.id;
  const first =
    catalog.favorites.find(canTalk) ??
    talkers.find(({ state }) => state === 'ready') ??
    talkers[0] ??
    models[0];
  return catalog.defaultModel?.id ?? first?.id ?? null;
}

/** The models that an arena begins with: those of its role, else the favorites, else the default one and another. */
export function pickContenders(catalog: Catalog, role: readonly string[]): string[] {
  if (role.length > 0) return role.slice(0, MOST_CONTENDERS);
  const favorites = catalog.favorites.filter(canTalk).map(({ id }) => id);
  if (favorites.length > 1) return favorites.slice(0, MOST_CONTENDERS);
  const first = pickDefaultModel(catalog, null);
  return [first, pickAnother(catalog, [first])].filter((id) => id !== null);
}

/** How many models an arena sets beside each other at most. */
export const MOST_CONTENDERS = 4;

/** A model to set beside others: a favorite, one that is ready, or any; null where there is no other. */
export function pickAnother(catalog: Catalog, taken: readonly (string | null)[]): string | null {
  const isFree = (model: Model) => canTalk(model) && !taken.includes(model.id);
  const free = listModels(catalog).filter(isFree);
  const other = catalog.favorites.find(isFree) ?? free.find(({ state }) => state === 'ready');
  return (other ?? free[0])?.id ?? null;
}

function listModels(catalog: Catalog): Model[] {
  return catalog.providers.flatMap(({ models }) => models);
}

function canTalk({ capabilities }: Model): boolean {
  return !capabilities.some((capability) => OTHER_JOBS.has(capability));
}
