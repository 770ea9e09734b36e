import type { Catalog, Model } from '../../herd/catalog.ts';

/** What a model is for that does not chat. */
const OTHER_JOBS = new Set(['reranker', 'embeddings', 'embedding']);
/** What a model may be for that chats as well. */
const SOUND_JOBS = new Set(['audio_transcriptions', 'audio_speech']);

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
  const { defaultModel } = catalog;
  if (defaultModel?.available === false && first !== undefined) return first.id;
  return defaultModel?.id ?? first?.id ?? null;
}

/** All models of the herd, in its order. */
export function listModels(catalog: Catalog): Model[] {
  return catalog.providers.flatMap(({ models }) => models);
}

/** Whether a model is to be talked with: one whose host says that it has another job is not. */
export function canTalk({ capabilities, modalities }: Model): boolean {
  const takesAndGivesText = modalities.input.includes('text') && modalities.output.includes('text');
  const isOther = (capability: string) =>
    OTHER_JOBS.has(capability) || (!takesAndGivesText && SOUND_JOBS.has(capability));
  return !capabilities.some(isOther);
}
