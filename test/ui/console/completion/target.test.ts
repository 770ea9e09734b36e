import { describe, expect, it } from 'vitest';
import { findTarget } from '../../../../ui/console/completion/target.ts';
import { catalogOf } from '../samples.ts';

describe('findTarget', () => {
  it('describes a model from the catalog', () => {
    const catalog = catalogOf({
      'a/pic': { name: 'Pic', capabilities: ['vision', 'image_generation'], aliases: ['p'] },
      'a/p': {},
    });
    expect(findTarget(catalog, 'a/pic')).toMatchObject({
      name: 'Pic',
      provider: 'a',
      reportsRunning: true,
      hasVision: true,
      generatesImages: true,
      editsImages: false,
      canChat: true,
      aliases: ['p'],
    });
    expect(findTarget(catalog, 'a/p').aliases).toEqual(['pic']);
  });

  it.each(['embeddings', 'reranker', 'audio_transcriptions', 'audio_speech'])(
    'cannot chat with a model for %s',
    (capability) => {
      const catalog = catalogOf({ 'a/one': { capabilities: [capability] } });
      expect(findTarget(catalog, 'a/one').canChat).toBe(false);
    },
  );

  it('describes a model that is not listed', () => {
    expect(findTarget(null, 'a/deep/name')).toMatchObject({
      id: 'a/deep/name',
      name: 'deep/name',
      label: 'a',
      reportsRunning: false,
    });
  });
});
