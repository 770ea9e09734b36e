import type { Catalog, Model } from './catalog.ts';

/** A favorite that takes the place of another one. */
export interface FavoriteMove {
  readonly id: string;
  /** The ID of the favorite whose place it takes. */
  readonly target: string;
}

/** A change of the favorites by the user that the gateway has not yet stored. */
export type FavoriteChange = { readonly id: string; readonly favorite: boolean } | FavoriteMove;

/** Returns the catalog with the changes applied in order: new favorites come last, as on the gateway. */
export function withFavorites(catalog: Catalog, changes: Iterable<FavoriteChange>): Catalog {
  return [...changes].reduce(
    (changed, change) => ('target' in change ? moved(changed, change) : starred(changed, change)),
    catalog,
  );
}

/** Returns the items with one at another one's place, or the same array if either is missing. */
export function moveItem<Item>(
  items: readonly Item[],
  { from, to }: { from: number; to: number },
): readonly Item[] {
  const item = items[from];
  return item === undefined || to < 0 ? items : items.toSpliced(from, 1).toSpliced(to, 0, item);
}

function moved(catalog: Catalog, { id, target }: FavoriteMove): Catalog {
  const indexOf = (sought: string) => catalog.favorites.findIndex((model) => model.id === sought);
  const favorites = moveItem(catalog.favorites, { from: indexOf(id), to: indexOf(target) });
  return { ...catalog, favorites: [...favorites] };
}

function starred(catalog: Catalog, { id, favorite }: { id: string; favorite: boolean }): Catalog {
  const isChanged = (model: Model) => model.id === id && model.favorite !== favorite;
  const providers = catalog.providers.map((provider) =>
    provider.models.some(isChanged)
      ? {
          ...provider,
          models: provider.models.map((model) =>
            isChanged(model) ? { ...model, favorite } : model,
          ),
        }
      : provider,
  );
  const others = catalog.favorites.filter((model) => model.id !== id);
  if (!favorite) return { ...catalog, providers, favorites: others };
  const isListed = others.length < catalog.favorites.length;
  const added = providers.flatMap(({ models }) => models).find((model) => model.id === id);
  const favorites = isListed || added === undefined ? catalog.favorites : [...others, added];
  return { ...catalog, providers, favorites };
}
