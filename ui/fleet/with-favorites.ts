import type { Catalog, Model } from './catalog.ts';

/** A change of a favorite that the user has made and the gateway has not yet confirmed. */
export interface Wish {
  readonly favorite: boolean;
}

/** The last wish for each model ID. */
export type Wishes = ReadonlyMap<string, Wish>;

/** Returns the catalog with the wishes applied: new favorites come last, as on the gateway. */
export function withFavorites(catalog: Catalog, wishes: Wishes): Catalog {
  if (wishes.size === 0) return catalog;
  const isChanged = (model: Model) => (wishes.get(model.id) ?? model).favorite !== model.favorite;
  const apply = (model: Model): Model =>
    isChanged(model) ? { ...model, favorite: !model.favorite } : model;
  const providers = catalog.providers.map((provider) =>
    provider.models.some(isChanged)
      ? { ...provider, models: provider.models.map(apply) }
      : provider,
  );
  const kept = catalog.favorites.filter((model) => !isChanged(model));
  const added = providers.flatMap(({ models }) =>
    models.filter(({ id, favorite }) => favorite && wishes.get(id)?.favorite === true),
  );
  const isNew = ({ id }: Model) => kept.every((model) => model.id !== id);
  return { ...catalog, providers, favorites: [...kept, ...added.filter(isNew)] };
}
