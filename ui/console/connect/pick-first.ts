import type { Catalog } from '../../herd/catalog.ts';

/** The model to begin with: the default one, else the first favorite, else the first of all; null where there is none. */
export function pickFirst({ defaultModel, favorites, providers }: Catalog): string | null {
  if (defaultModel?.available === true) return defaultModel.id;
  const [first] = [...favorites, ...providers.flatMap(({ models }) => models)];
  return first?.id ?? null;
}
