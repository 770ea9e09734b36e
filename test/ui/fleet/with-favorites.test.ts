import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { withFavorites } from '../../../ui/fleet/with-favorites.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** A catalog with the models a to d, some of them favorites. */
function catalogOf(...favorites: string[]): Catalog {
  const models = ['a', 'b', 'c', 'd'].map((name) =>
    modelOf(`desk/${name}`, { favorite: favorites.includes(name) }),
  );
  return {
    generatedAt: '2026-11-22T10:00:00.000Z',
    defaultModel: null,
    favorites: favorites.map((name) => modelOf(`desk/${name}`, { favorite: true })),
    hiddenFavorites: 2,
    providers: [groupOf('desk', { models }), groupOf('lab')],
  } as unknown as Catalog;
}

const changesOf = (...entries: [string, boolean][]) =>
  entries.map(([name, favorite]) => ({ id: `desk/${name}`, favorite }));
const moveOf = (name: string, target: string) => [{ id: `desk/${name}`, target: `desk/${target}` }];

describe('a change', () => {
  it.each([
    ['adds a favorite at the end', ['b'], changesOf(['a', true]), ['b', 'a']],
    [
      'adds several in the order of the changes',
      [],
      changesOf(['c', true], ['a', true]),
      ['c', 'a'],
    ],
    [
      'adds again what it removes, at the end',
      ['a', 'b'],
      changesOf(['a', false], ['a', true]),
      ['b', 'a'],
    ],
    ['removes one at any position', ['c', 'a', 'b'], changesOf(['a', false]), ['c', 'b']],
    ['that is applied already changes nothing', ['b'], changesOf(['b', true]), ['b']],
    ['replaces an earlier change of the same model', ['b'], changesOf(['b', false]), []],
    ['moves one up to the place of another', ['a', 'b', 'c'], moveOf('c', 'a'), ['c', 'a', 'b']],
    ['moves one down to the place of another', ['a', 'b', 'c'], moveOf('a', 'b'), ['b', 'a', 'c']],
    ['moves one to its own place', ['a', 'b'], moveOf('b', 'b'), ['a', 'b']],
    ['moves none that is no favorite', ['a', 'b'], moveOf('c', 'a'), ['a', 'b']],
    ['moves none to a model that is no favorite', ['a', 'b'], moveOf('a', 'c'), ['a', 'b']],
    ['moves one that it adds', ['a'], [...changesOf(['b', true]), ...moveOf('b', 'a')], ['b', 'a']],
    ['for an unlisted model changes nothing', ['b'], changesOf(['gone', true]), ['b']],
  ])('%s', (_name, favorites, changes, expected) => {
    expect(withFavorites(catalogOf(...favorites), changes)).toEqual(catalogOf(...expected));
  });

  it('returns the same catalog object when there is none, so that nothing is rendered again', () => {
    const catalog = catalogOf('a');
    expect(withFavorites(catalog, changesOf())).toBe(catalog);
  });

  it('keeps the objects of unchanged groups, so that they are not rendered again', () => {
    const catalog = catalogOf('a');
    const { providers } = withFavorites(catalog, changesOf(['b', true]));
    expect(providers[0]).not.toBe(catalog.providers[0]);
    expect(providers[0]?.models[0]).toBe(catalog.providers[0]?.models[0]);
    expect(providers[1]).toBe(catalog.providers[1]);
  });
});
