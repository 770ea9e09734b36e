import { describe, expect, it } from 'vitest';
import {
  pickAnother,
  pickContenders,
  pickDefaultModel,
} from '../../../../ui/console/completion/pick-models.ts';
import { findTarget } from '../../../../ui/console/completion/target.ts';
import { catalogOf } from '../samples.ts';

const PLAIN = { 'a/one': {}, 'a/two': {}, 'b/three': {} };
const READY = { ...PLAIN, 'b/three': { state: 'ready' } } as const;
const STARRED = { ...READY, 'a/two': { favorite: true } } as const;
const defaultModel = { id: 'b/three', available: true };

describe('the model that a conversation begins with', () => {
  it.each([
    ['the last one that is still listed', catalogOf(STARRED, { defaultModel }), 'a/one', 'a/one'],
    ['the default', catalogOf(STARRED, { defaultModel }), 'a/gone', 'b/three'],
    ['the first favorite', catalogOf(STARRED), null, 'a/two'],
    ['one that is ready', catalogOf(READY), null, 'b/three'],
    ['the first', catalogOf(PLAIN), null, 'a/one'],
    [
      'one that talks',
      catalogOf({ 'a/ear': { capabilities: ['reranker'] }, ...PLAIN }),
      null,
      'a/one',
    ],
    ['none in an empty herd', catalogOf({}), 'a/one', null],
  ])('is %s', (_what, catalog, last, id) => {
    expect(pickDefaultModel(catalog, last)).toBe(id);
  });
});

describe('an arena', () => {
  const many = { ...STARRED, 'b/three': { favorite: true } } as const;
  it.each([
    [
      'its role',
      catalogOf(many),
      ['x/1', 'x/2', 'x/3', 'x/4', 'x/5'],
      ['x/1', 'x/2', 'x/3', 'x/4'],
    ],
    ['the favorites', catalogOf(many), [], ['a/two', 'b/three']],
    ['the default and another', catalogOf(STARRED, { defaultModel }), [], ['b/three', 'a/two']],
    ['what there is', catalogOf({ 'a/one': {} }), [], ['a/one']],
    ['nothing in an empty herd', catalogOf({}), [], []],
  ])('begins with %s', (_what, catalog, role, ids) => {
    expect(pickContenders(catalog, role)).toEqual(ids);
  });

  it('gains a model that is not there yet', () => {
    expect(pickAnother(catalogOf(STARRED), ['a/two'])).toBe('b/three');
    expect(pickAnother(catalogOf(STARRED), Object.keys(STARRED))).toBeNull();
  });
});

describe('a model that is asked', () => {
  it('is described by the catalog', () => {
    const catalog = catalogOf({
      'a/pic': { name: 'Pic', capabilities: ['vision', 'image_generation'], aliases: ['p'] },
      'a/p': {},
    });
    expect(findTarget(catalog, 'a/pic')).toMatchObject({
      name: 'Pic',
      provider: 'a',
      tellsRunning: true,
      sees: true,
      paints: true,
      edits: false,
      aliases: ['p'],
    });
    expect(findTarget(catalog, 'a/p').aliases).toEqual(['pic']);
  });

  it('may be one that is not listed', () => {
    expect(findTarget(null, 'a/deep/name')).toMatchObject({
      id: 'a/deep/name',
      name: 'deep/name',
      label: 'a',
      tellsRunning: false,
    });
  });
});
