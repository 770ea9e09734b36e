import { mergeCatalog, type KnownFavorites, type MergedCatalog } from '../catalog/merge-catalog.ts';
import { createSharedWork, type Slices } from '../catalog/slices.ts';
import type { Reading, SnapshotSource } from '../catalog/snapshot-source.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { messageOf, PaddockError } from '../errors.ts';
import type { RecentFavorites, RecentList } from '../favorites/recent-favorites.ts';
import type { Settings } from '../settings/settings.ts';

/** The catalog for requests. */
export type CatalogView = ReturnType<typeof createCatalogView>;

interface Seen {
  readonly snapshot: Snapshot;
  readonly list: RecentList;
}

/** Creates the view of the providers and the favorites. It merges them again only when one of them changes. */
export function createCatalogView(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  recentFavorites: RecentFavorites;
  demo: boolean;
  slices: Slices;
}) {
  const { settings, snapshots, recentFavorites, demo, slices } = options;
  const { registry, roles, upstreamPort } = settings;
  const defaultModel = roles.default?.id ?? null;
  const merge = createSharedWork<Seen, MergedCatalog>({
    slices,
    isSame: (a, b) => a.snapshot === b.snapshot && a.list === b.list,
    start: ({ snapshot, list }) =>
      mergeCatalog({
        registry,
        defaultModel,
        snapshot,
        demo,
        upstreamPort,
        favorites: toKnownFavorites(list),
      }),
  });

  return {
    async read(request: Reading): Promise<MergedCatalog> {
      requireProviders(settings);
      const [snapshot, list] = await Promise.all([
        snapshots.read(request),
        recentFavorites.read(request.background),
      ]);
      return merge({ snapshot, list });
    },
  };
}

/** Throws `no_providers` if no provider is set up. */
export function requireProviders({ registry }: Settings): void {
  if (registry.providers.size === 0)
    throw new PaddockError('no_providers', messageOf('no_providers'));
}

function toKnownFavorites(list: RecentList): KnownFavorites {
  if ('favorites' in list) return { ids: list.favorites.map(({ id }) => id) };
  const { code, message } = list.error;
  return { error: { code, message } };
}
