import { describe, expect, it } from 'vitest';
import { pickDefaultModel } from '../../../../ui/console/completion/pick-default-model.ts';
import { catalogOf } from '../samples.ts';

const PLAIN = { 'a/one': {}, 'a/two': {}, 'b/three': {} };
const READY = { ...PLAIN, 'b/three': { state: 'ready' } } as const;
const STARRED = { ...READY, 'a/two': { favorite: true } } as const;
const defaultModel = { id: 'b/three', available: true };

describe('pickDefaultModel', () => {
  it.each([
    [
      'the last model when it is still listed',
      catalogOf(STARRED, { defaultModel }),
      'a/one',
      'a/one',
    ],
    ['the default model', catalogOf(STARRED, { defaultModel }), 'a/gone', 'b/three'],
    [
      'another model while the default is unavailable',
      catalogOf(STARRED, { defaultModel: { id: 'b/three', available: false } }),
      null,
      'a/two',
    ],
    [
      'the default, though it is not there, without models',
      catalogOf({}, { defaultModel: { id: 'b/three', available: false } }),
      null,
      'b/three',
    ],
    ['the first favorite', catalogOf(STARRED), null, 'a/two'],
    ['a ready model', catalogOf(READY), null, 'b/three'],
    ['the first model', catalogOf(PLAIN), null, 'a/one'],
    [
      'a model that can chat',
      catalogOf({ 'a/ear': { capabilities: ['reranker'] }, ...PLAIN }),
      null,
      'a/one',
    ],
    [
      'a model that transcribes and can chat',
      catalogOf({
        'a/ear': { capabilities: ['audio_transcriptions'] },
        'a/omni': {
          capabilities: ['audio_transcriptions'],
          modalities: { input: ['text', 'audio'], output: ['text'] },
        },
        ...PLAIN,
      }),
      null,
      'a/omni',
    ],
    ['none without models', catalogOf({}), 'a/one', null],
  ])('picks %s', (_what, catalog, last, id) => {
    expect(pickDefaultModel(catalog, last)).toBe(id);
  });
});
