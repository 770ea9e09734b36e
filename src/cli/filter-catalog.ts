import type { Catalog, Model } from '../client/client.ts';

/** The models to list: those that meet every given condition. */
export interface ModelFilter {
  /** A part of the ID, the name or an alias, in any case; `*` stands for any text. */
  readonly pattern?: string;
  readonly provider?: string;
  /** Only models that are loaded and ready. */
  readonly ready?: true;
}

/** Returns the catalog without the models that do not match, and without the other providers. */
export function filterCatalog(catalog: Catalog, filter: ModelFilter): Catalog {
  const { pattern, provider, ready } = filter;
  const parts = pattern === undefined ? null : toFolded(pattern).split('*');
  const isMatch = (model: Model) =>
    (provider === undefined || model.provider === provider) &&
    (ready !== true || model.state === 'ready') &&
    (parts === null || namesOf(model).some((name) => hasInOrder(name, parts)));
  return {
    ...catalog,
    favorites: catalog.favorites.filter(isMatch),
    providers: catalog.providers
      .filter(({ name }) => provider === undefined || name === provider)
      .map((group) => ({ ...group, models: group.models.filter(isMatch) })),
  };
}

function namesOf({ id, name, aliases }: Model): string[] {
  return [id, name, ...aliases].map(toFolded);
}

function toFolded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}
