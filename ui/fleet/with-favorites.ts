import type { Catalog, Model } from './catalog.ts';

/** A change of a favorite by the user that the gateway has not yet stored. */
export interface FavoriteChange {
  readonly favorite: boolean;
}

/** The last change of each model's favorite, by model ID. */
export type FavoriteChanges = ReadonlyMap<string, FavoriteChange>;

/** Returns the catalog with the changes applied: new favorites come last, as on the gateway. */
export function withFavorites(catalog: Catalog, changes: FavoriteChanges): Catalog {
  if (changes.size === 0) return catalog;
  const isChanged = (model: Model) => (changes.get(model.id) ?? model).favorite !== model.favorite;
  const apply = (model: Model): Model =>
    isChanged(model) ? { ...model, favorite: !model.favorite } : model;
  const providers = catalog.providers.map((provider) =>
    provider.models.some(isChanged)
      ? { ...provider, models: provider.models.map(apply) }
      : provider,
  );
  const kept = catalog.favorites.filter((model) => !isChanged(model));
  const added = providers.flatMap(({ models }) =>
    models.filter(({ id, favorite }) => favorite && changes.get(id)?.favorite === true),
  );
  const isNew = ({ id }: Model) => kept.every((model) => model.id !== id);
  return { ...catalog, providers, favorites: [...kept, ...added.filter(isNew)] };
}
