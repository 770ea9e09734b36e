import type { Catalog, Model } from './catalog.ts';

/** What a reader has just wished and the gateway has not said yet. */
export interface Wish {
  readonly favorite: boolean;
}

/** The last wish for each ID. */
export type Wishes = ReadonlyMap<string, Wish>;

/** The catalog as it will be once the wishes are fulfilled: what is added comes last, as on the gateway. */
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
