import { describe, expect, it } from 'vitest';
import { canChat, pickChatModel } from '../../src/catalog/can-chat.ts';
import type { CatalogModel } from '../../src/catalog/model.ts';
import { groupOf, modelOf } from './samples.ts';

const TEXT_TO_TEXT = { input: ['text', 'image'], output: ['text'] };

describe('canChat', () => {
  it.each<[id: string, rest: Partial<CatalogModel>]>([
    ['a/qwen3.6-27b', {}],
    ['a/unsloth/gemma-4-31b-it-GGUF:Q6_K', { capabilities: ['vision'] }],
    ['a/omni', { capabilities: ['audio_transcriptions'], modalities: TEXT_TO_TEXT }],
    ['a/painter', { capabilities: ['image_generation', 'function_calling'] }],
    ['a/whisper-talks', { modalities: TEXT_TO_TEXT }],
    ['a/fluxion-7b', {}],
    ['a/biggest', {}],
    ['embed/llama-3', {}],
  ])('is true for %s with %j', (id, rest) => {
    expect(canChat(modelOf(id, rest))).toBe(true);
  });

  it.each<[id: string, rest: Partial<CatalogModel>]>([
    ['a/ear', { capabilities: ['audio_transcriptions'] }],
    ['a/mouth', { capabilities: ['audio_speech'] }],
    ['a/painter', { capabilities: ['image_generation'] }],
    ['a/sorter', { capabilities: ['reranker'] }],
    ['a/vectors', { capabilities: ['embedding', 'vision'] }],
    ['a/vectors', { capabilities: ['embeddings'], modalities: TEXT_TO_TEXT }],
    [
      'a/ear-and-mouth',
      { capabilities: ['audio_speech', 'audio_transcriptions'], modalities: TEXT_TO_TEXT },
    ],
    ['a/painter', { modalities: { input: ['text'], output: ['image'] } }],
    ['a/qwen3-embedding-0.6b', {}],
    ['a/nomic-embed-text', {}],
    ['a/ggml-org/embeddinggemma-300M-GGUF:Q8_0', { modalities: TEXT_TO_TEXT }],
    ['a/intfloat/multilingual-e5-large', {}],
    ['a/BAAI/bge-m3', {}],
    ['a/Whisper-Large-v3-Turbo', {}],
    ['a/kokoro', {}],
    ['a/FLUX.2-klein-4b', {}],
    ['a/qwen-image-edit', {}],
  ])('is false for %s with %j', (id, rest) => {
    expect(canChat(modelOf(id, rest))).toBe(false);
  });
});

describe('pickChatModel', () => {
  const pick = (models: CatalogModel[]) =>
    pickChatModel({
      generatedAt: '2026-11-22T10:00:01.000Z',
      defaultModel: null,
      favorites: models.filter(({ favorite }) => favorite),
      hiddenFavorites: 0,
      providers: [groupOf('a', { models })],
    })?.id ?? null;
  const ear = modelOf('a/whisper', { favorite: true, state: 'ready' });

  it.each<[what: string, models: CatalogModel[], id: string | null]>([
    ['a favorite', [ear, modelOf('a/one'), modelOf('a/two', { favorite: true })], 'a/two'],
    ['a ready model', [ear, modelOf('a/one'), modelOf('a/two', { state: 'ready' })], 'a/two'],
    ['the first model', [ear, modelOf('a/one'), modelOf('a/two')], 'a/one'],
    ['none if no model chats', [ear], null],
  ])('picks %s', (_what, models, id) => {
    expect(pick(models)).toBe(id);
  });
});
