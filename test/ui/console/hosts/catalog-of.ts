import type { Catalog, Provider } from '../../../../ui/fleet/catalog.ts';
import { groupOf, modelOf } from '../../../catalog/samples.ts';

/** A catalog of providers, each with models of these names or with these fields. */
export function catalogOf(
  hosts: Record<string, readonly string[] | Partial<Provider>>,
  rest: Partial<Catalog> = {},
): Catalog {
  const providers = Object.entries(hosts).map(([name, given]) =>
    Array.isArray(given)
      ? groupOf(name, { models: given.map((model) => modelOf(`${name}/${model}`)) })
      : groupOf(name, given as Parameters<typeof groupOf>[1]),
  );
  return {
    generatedAt: '2026-11-22T10:00:00.000Z',
    defaultModel: null,
    favorites: [],
    hiddenFavorites: 0,
    providers: structuredClone(providers) as unknown as Provider[],
    ...rest,
  };
}
