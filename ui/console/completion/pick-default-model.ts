import type { Catalog, Model } from '../../fleet/catalog.ts';

/** Capabilities of models that do not chat. */
const NON_CHAT_CAPABILITIES = new Set(['reranker', 'embeddings', 'embedding']);
/** Capabilities that a model may have in addition to chat. */
const AUDIO_CAPABILITIES = new Set(['audio_transcriptions', 'audio_speech']);

/**
 * Returns the model that a new conversation starts with, or null if the catalog has none. `lastUsed` is the model
 * last used in this browser.
 */
export function pickDefaultModel(catalog: Catalog, lastUsed: string | null): string | null {
  const models = listModels(catalog);
  const chatModels = models.filter(canChat);
  const known = models.find(({ id }) => id === lastUsed);
  if (known !== undefined) return known.id;
  const first =
    catalog.favorites.find(canChat) ??
    chatModels.find(({ state }) => state === 'ready') ??
    chatModels[0] ??
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
export function canChat({ capabilities, modalities }: Model): boolean {
  const isTextToText = modalities.input.includes('text') && modalities.output.includes('text');
  const isOther = (capability: string) =>
    NON_CHAT_CAPABILITIES.has(capability) || (!isTextToText && AUDIO_CAPABILITIES.has(capability));
  return !capabilities.some(isOther);
}
