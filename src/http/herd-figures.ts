import { findListed } from '../catalog/find-listed.ts';
import type { ListedModel } from '../catalog/model.ts';
import type { CheckedResult, Snapshot } from '../catalog/snapshot.ts';
import type { RecentList } from '../favorites/recent-favorites.ts';

/** A provider as it was last probed. */
export interface ProviderFigures {
  readonly name: string;
  readonly isUp: boolean;
  /** When it was probed, in seconds since 1970. */
  readonly checkedAt: number;
  /** How many models it listed. */
  readonly models: number;
  /** How many were ready to answer; null where it does not say. */
  readonly loaded: number | null;
}

/** How many of what there are, as it is known without asking any host. */
export interface HerdFigures {
  /** Those that were ever probed. */
  readonly providers: readonly ProviderFigures[];
  /** Null where the database gives none in time; what is hidden is null where no host was ever asked. */
  readonly favorites: { readonly stored: number; readonly hidden: number | null } | null;
}

/** Counts what was last seen. */
export function toHerdFigures({
  snapshot,
  list,
}: {
  snapshot: Snapshot | null;
  list: RecentList;
}): HerdFigures {
  const results = [...(snapshot?.results ?? [])];
  return {
    providers: results.map(([name, result]) => toProviderFigures(name, result)),
    favorites:
      'favorites' in list
        ? {
            stored: list.favorites.length,
            hidden:
              snapshot === null
                ? null
                : list.favorites.filter(({ id }) => findListed(id, snapshot) === null).length,
          }
        : null,
  };
}

function toProviderFigures(name: string, result: CheckedResult): ProviderFigures {
  const { status, checkedAt, models } = result;
  return {
    name,
    isUp: status === 'online',
    checkedAt: Date.parse(checkedAt) / 1000,
    models: models.length,
    loaded: status === 'online' ? countLoaded(models) : null,
  };
}

function countLoaded(models: readonly ListedModel[]): number | null {
  if (models.length > 0 && models.every(({ state }) => state === 'unknown')) return null;
  // What is listed under a second name runs once.
  return new Set(models.filter(({ state }) => state === 'ready').map(({ runsAs }) => runsAs)).size;
}
