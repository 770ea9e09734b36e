import type { Favorite } from '../../fleet/answers.ts';
import type { Catalog } from '../../fleet/catalog.ts';

/** A favorite that is not listed now, with the reason. */
export interface HiddenFavorite {
  readonly id: string;
  /** The reason, with what makes the favorite return. */
  readonly reason: string;
}

/** Returns the favorites whose model is not listed now. */
export function findHiddenFavorites(favorites: readonly Favorite[], catalog: Catalog): HiddenFavorite[] {
  return favorites
    .filter(({ available }) => available !== true)
    .map(({ id }) => ({ id, reason: toReason(id, catalog) }));
}

function toReason(id: string, { providers }: Catalog): string {
  const name = id.slice(0, id.indexOf('/'));
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) {
    return `No provider is called ${name}: set it up again in PROVIDERS, or remove this.`;
  }
  if (provider.status !== 'online') return `${provider.label} is away: it returns with it.`;
  return `${provider.label} lists it no more: give it the model again, or remove this.`;
}
