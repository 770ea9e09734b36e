import type { Catalog, Model } from '../../fleet/catalog.ts';

/** Capabilities of models that do not chat. */
const OTHER_JOBS = new Set(['reranker', 'embeddings', 'embedding']);
/** Capabilities that a model may have in addition to chat. */
const SOUND_JOBS = new Set(['audio_transcriptions', 'audio_speech']);

/**
 * Returns the model that a new conversation starts with, or null if the catalog has none. `lastUsed` is the model
 * last used in this browser.
 */
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
  const { defaultModel } = catalog;
  if (defaultModel?.available === false && first !== undefined) return first.id;
  return defaultModel?.id ?? first?.id ?? null;
}

/** Returns all models of the catalog, in its order. */
export function listModels(catalog: Catalog): Model[] {
  return catalog.providers.flatMap(({ models }) => models);
}

/** Whether a model is meant for chat, as far as its provider reports its capabilities. */
export function canTalk({ capabilities, modalities }: Model): boolean {
  const takesAndGivesText = modalities.input.includes('text') && modalities.output.includes('text');
  const isOther = (capability: string) =>
    OTHER_JOBS.has(capability) || (!takesAndGivesText && SOUND_JOBS.has(capability));
  return !capabilities.some(isOther);
}
