import type { Catalog } from '../catalog/catalog.ts';
import type { Registry } from '../registry/registry.ts';
import { splitId } from '../resolve/composite-id.ts';
import type { Finding } from './diagnosis.ts';

/** The favorites that are stored and shown nowhere now, by the reason for it. */
export function findHiddenFavorites(
  ids: readonly string[],
  { registry, catalog }: { registry: Registry; catalog: Catalog },
): Finding[] {
  // By what is listed: the catalog may have been made while the database gave no favorites.
  const listed = new Set(catalog.providers.flatMap(({ models }) => models.map(({ id }) => id)));
  const groups = new Map(catalog.providers.map((group) => [group.name, group]));
  const byReason = new Map<string, string[]>();
  for (const id of ids.filter((one) => !listed.has(one))) {
    const name = splitId(id)?.provider ?? id;
    const reason = !registry.providers.has(name)
      ? `no provider is called ${name}: remove them, or set it up again`
      : groups.get(name)?.status === 'online'
        ? `${name} lists them no more: remove them, or give ${name} the models again`
        : `${name} is away: they return with it`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, hidden]) => ({
    level: 'warning',
    subject: 'favorites',
    code: 'hidden_favorites',
    message: `Hidden: ${hidden.join(', ')}, for ${reason}.`,
  }));
}
