import { findListed } from '../../catalog/find-listed.ts';
import type { ListedModel } from '../../catalog/model.ts';
import type { CheckedResult } from '../../catalog/snapshot.ts';
import type { LastSeen } from '../../http/routes/metrics.ts';
import type { Family, Sample } from './family.ts';

/** Returns the metrics of the providers and favorites as last seen. Unknown values have no sample. */
export function toFleetFamilies(readSeen: () => LastSeen): Family[] {
  const gauge = (name: string, rest: Pick<Family, 'help' | 'read'>): Family => ({
    name,
    type: 'gauge',
    ...rest,
  });
  /** A value of each provider that was probed at least once. */
  const ofProviders = (pick: (result: CheckedResult) => number | null) => () =>
    [...(readSeen().snapshot?.results ?? [])].flatMap(([provider, result]) =>
      toSample(pick(result), { provider }),
    );
  return [
    gauge('paddock_provider_up', {
      help: 'Whether a provider was online when it was last probed. Providers are probed only while clients ask.',
      read: ofProviders(({ status }) => Number(status === 'online')),
    }),
    gauge('paddock_provider_checked_timestamp_seconds', {
      help: 'When a provider was last probed, in seconds since 1970.',
      read: ofProviders(({ checkedAt }) => Date.parse(checkedAt) / 1000),
    }),
    gauge('paddock_provider_models', {
      help: 'Models that a provider listed when it was last probed.',
      read: ofProviders(({ models }) => models.length),
    }),
    gauge('paddock_provider_models_loaded', {
      help: 'Models that were ready when the provider was last probed, if it reports them.',
      read: ofProviders(({ status, models }) => (status === 'online' ? countLoaded(models) : null)),
    }),
    gauge('paddock_database_up', {
      help: 'Whether the database of favorites answers.',
      read: () => toSample(Number('favorites' in readSeen().list)),
    }),
    gauge('paddock_favorites', {
      help: 'Favorites that are stored.',
      read: () => {
        const { list } = readSeen();
        return toSample('favorites' in list ? list.favorites.length : null);
      },
    }),
    gauge('paddock_favorites_hidden', {
      help: 'Favorites whose model no provider listed when it was last probed.',
      read: () => toSample(countHidden(readSeen())),
    }),
  ];
}

function toSample(value: number | null, labels: Sample['labels'] = {}): Sample[] {
  return value === null ? [] : [{ labels, value }];
}

/** Returns null if the provider does not report which models are loaded. */
function countLoaded(models: readonly ListedModel[]): number | null {
  if (models.length > 0 && models.every(({ state }) => state === 'unknown')) return null;
  // A model that is listed under two names runs once.
  return new Set(models.filter(({ state }) => state === 'ready').map(({ runsAs }) => runsAs)).size;
}

/** Returns null if the database does not answer in time, or no provider was probed yet. */
function countHidden({ snapshot, list }: LastSeen): number | null {
  if (snapshot === null || !('favorites' in list)) return null;
  return list.favorites.filter(({ id }) => findListed(id, snapshot) === null).length;
}
