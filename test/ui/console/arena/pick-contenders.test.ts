import { describe, expect, it } from 'vitest';
import { pickAnother, pickContenders } from '../../../../ui/console/arena/pick-contenders.ts';
import { catalogOf } from '../samples.ts';

const PLAIN = { 'a/one': {}, 'a/two': {}, 'b/three': {} };
const READY = { ...PLAIN, 'b/three': { state: 'ready' } } as const;
const STARRED = { ...READY, 'a/two': { favorite: true } } as const;
const defaultModel = { id: 'b/three', available: true };

describe('pickContenders', () => {
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
    ['the only model', catalogOf({ 'a/one': {} }), [], ['a/one']],
    ['nothing without models', catalogOf({}), [], []],
  ])('picks %s', (_what, catalog, role, ids) => {
    expect(pickContenders(catalog, role)).toEqual(ids);
  });

  it('pickAnother picks a model that is not in the arena', () => {
    expect(pickAnother(catalogOf(STARRED), ['a/two'])).toBe('b/three');
    expect(pickAnother(catalogOf(STARRED), Object.keys(STARRED))).toBeNull();
  });
});
