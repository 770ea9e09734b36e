import type { Favorite } from '../../fleet/answers.ts';
import type { Catalog } from '../../fleet/catalog.ts';

/** A favorite that is not listed now, with the reason. */
export interface HiddenFavorite {
  readonly id: string;
  /** The reason, with what makes the favorite return. */
  readonly reason: string;
}

/** Returns the favorites whose model is not listed now. */
export function findHiddenFavorites(
  favorites: readonly Favorite[],
  catalog: Catalog,
): HiddenFavorite[] {
  return favorites
    .filter(({ available }) => available !== true)
    .map(({ id }) => ({ id, reason: toReason(id, catalog) }));
}

function toReason(id: string, { providers }: Catalog): string {
  const name = id.slice(0, id.indexOf('/'));
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) {
    return `No provider is named ${name}. Add it to PROVIDERS, or remove this favorite.`;
  }
  if (provider.status !== 'online') return `Hidden until ${provider.label} is online.`;
  return `${provider.label} no longer lists this model. Add the model there, or remove this favorite.`;
}
