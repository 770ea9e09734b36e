import type { Catalog } from '../catalog/catalog.ts';
import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { Finding } from './diagnosis.ts';

/** Finds stored favorites that are not shown now, grouped by reason. */
export function findHiddenFavorites(
  ids: readonly string[],
  { registry, catalog }: { registry: Registry; catalog: Catalog },
): Finding[] {
  // Check the listed models and not the catalog's favorites: the database may have failed when the catalog was built.
  const listed = new Set(catalog.providers.flatMap(({ models }) => models.map(({ id }) => id)));
  const groups = new Map(catalog.providers.map((group) => [group.name, group]));
  const byReason = new Map<string, string[]>();
  for (const id of ids.filter((one) => !listed.has(one))) {
    const name = splitId(id)?.provider ?? id;
    const reason = !registry.providers.has(name)
      ? `No provider is named ${name}: set it up again, or remove these favorites. Hidden`
      : groups.get(name)?.status === 'online'
        ? `${name} does not list these favorites: add the models to ${name}, or remove them. Hidden`
        : `Hidden while ${name} is offline`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, hidden]) => ({
    level: 'warning',
    subject: 'favorites',
    code: 'hidden_favorites',
    message: `${reason}: ${hidden.join(', ')}.`,
  }));
}
