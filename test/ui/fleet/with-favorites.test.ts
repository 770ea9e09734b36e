import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { withFavorites } from '../../../ui/fleet/with-favorites.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** A catalog of the models a to d of one desk, of which some are favorites. */
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
  new Map(entries.map(([name, favorite]) => [`desk/${name}`, { favorite }]));

describe('a change', () => {
  it.each([
    ['adds a favorite at the end', ['b'], changesOf(['a', true]), ['b', 'a']],
    ['adds several in the order of the list', [], changesOf(['c', true], ['a', true]), ['a', 'c']],
    ['removes one, wherever it stands', ['c', 'a', 'b'], changesOf(['a', false]), ['c', 'b']],
    ['that is fulfilled already changes nothing', ['b'], changesOf(['b', true]), ['b']],
    ['for the contrary of an earlier change counts alone', ['b'], changesOf(['b', false]), []],
    ['for a model that nobody lists changes nothing', ['b'], changesOf(['gone', true]), ['b']],
  ])('%s', (_name, favorites, changes, expected) => {
    expect(withFavorites(catalogOf(...favorites), changes)).toEqual(catalogOf(...expected));
  });

  it('that nobody has leaves the catalog the very same, so that nothing is shown anew', () => {
    const catalog = catalogOf('a');
    expect(withFavorites(catalog, changesOf())).toBe(catalog);
  });

  it('leaves groups without a change as they are, so that nothing of them is shown anew', () => {
    const catalog = catalogOf('a');
    const { providers } = withFavorites(catalog, changesOf(['b', true]));
    expect(providers[0]).not.toBe(catalog.providers[0]);
    expect(providers[0]?.models[0]).toBe(catalog.providers[0]?.models[0]);
    expect(providers[1]).toBe(catalog.providers[1]);
  });
});
