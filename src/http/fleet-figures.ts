import { findListed } from '../catalog/find-listed.ts';
import type { ListedModel } from '../catalog/model.ts';
import type { CheckedResult, Snapshot } from '../catalog/snapshot.ts';
import type { RecentList } from '../favorites/recent-favorites.ts';

/** A provider's figures at its last probe. */
export interface ProviderFigures {
  readonly name: string;
  readonly isUp: boolean;
  /** The time of the probe, in seconds since 1970. */
  readonly checkedAt: number;
  /** The number of models that it listed. */
  readonly models: number;
  /** The number of models that were ready; null if the provider does not report it. */
  readonly loaded: number | null;
}

/** Counts of providers, models and favorites, as known without a request to any provider. */
export interface FleetFigures {
  /** The providers that were probed at least once. */
  readonly providers: readonly ProviderFigures[];
  /** Null if the database does not answer in time. `hidden` is null if no provider was probed yet. */
  readonly favorites: { readonly stored: number; readonly hidden: number | null } | null;
}

/** Counts the last snapshot and the last list of favorites. */
export function toFleetFigures({
  snapshot,
  list,
}: {
  snapshot: Snapshot | null;
  list: RecentList;
}): FleetFigures {
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
  // A model that is listed under two names runs once.
  return new Set(models.filter(({ state }) => state === 'ready').map(({ runsAs }) => runsAs)).size;
}
