import type { FleetFigures, ProviderFigures } from '../../http/fleet-figures.ts';
import type { Family, Sample } from './family.ts';

/** Returns the metrics of the providers and favorites as last seen. Unknown values have no sample. */
export function toFleetFamilies(readFigures: () => FleetFigures): Family[] {
  const gauge = (name: string, rest: Pick<Family, 'help' | 'read'>): Family => ({
    name,
    type: 'gauge',
    ...rest,
  });
  const ofProviders = (pick: (provider: ProviderFigures) => number | null) => () =>
    readFigures().providers.flatMap((provider) =>
      toSample(pick(provider), { provider: provider.name }),
    );
  return [
    gauge('paddock_provider_up', {
      help: 'Whether a provider was online when it was last probed. Providers are probed only while clients ask.',
      read: ofProviders(({ isUp }) => Number(isUp)),
    }),
    gauge('paddock_provider_checked_timestamp_seconds', {
      help: 'When a provider was last probed, in seconds since 1970.',
      read: ofProviders(({ checkedAt }) => checkedAt),
    }),
    gauge('paddock_provider_models', {
      help: 'Models that a provider listed when it was last probed.',
      read: ofProviders(({ models }) => models),
    }),
    gauge('paddock_provider_models_loaded', {
      help: 'Models that were ready to answer when the provider was last probed, where it says so.',
      read: ofProviders(({ loaded }) => loaded),
    }),
    gauge('paddock_database_up', {
      help: 'Whether the database of favorites answers.',
      read: () => toSample(Number(readFigures().favorites !== null)),
    }),
    gauge('paddock_favorites', {
      help: 'Favorites that are stored.',
      read: () => toSample(readFigures().favorites?.stored ?? null),
    }),
    gauge('paddock_favorites_hidden', {
      help: 'Favorites whose model no provider listed when it was last probed.',
      read: () => toSample(readFigures().favorites?.hidden ?? null),
    }),
  ];
}

function toSample(value: number | null, labels: Sample['labels'] = {}): Sample[] {
  return value === null ? [] : [{ labels, value }];
}
