// Catalogs for the picker's tests.

import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** The current time in all tests: two minutes after the lab was last seen. */
export const NOW = Date.parse('2026-11-22T10:02:00.000Z');

const OFFLINE_ERROR = { code: 'provider_unreachable', message: 'lab could not be reached.' };

/** The lab's group while it is offline. */
export const LAB_OFFLINE = groupOf('lab', {
  label: 'Lab',
  status: 'offline',
  error: OFFLINE_ERROR,
});

/** A desk, the default provider, and a lab. `gpt` is on both; `desk/qwen` and `lab/gpt` are favorites. */
export function catalogOf(rest: object = {}): Catalog {
  const qwen = modelOf('desk/qwen', { name: 'Qwen', favorite: true, aliases: ['default'] });
  const gpt = modelOf('lab/gpt', { favorite: true, alsoOn: ['desk/gpt'], aliases: ['fast'] });
  const desk = [modelOf('desk/gpt', { alsoOn: ['lab/gpt'] }), qwen];
  const lab = [gpt, modelOf('lab/org/big', { aliases: ['default'] })];
  return {
    generatedAt: '2026-11-22T10:00:00.000Z',
    defaultModel: null,
    favorites: [gpt, qwen],
    hiddenFavorites: 0,
    providers: [
      groupOf('desk', { label: 'Desk', default: true, models: desk }),
      groupOf('lab', { label: 'Lab', models: lab }),
    ],
    ...rest,
  } as unknown as Catalog;
}

/** The same catalog while the lab is offline. */
export function catalogWithoutLab(): Catalog {
  const { providers, favorites } = catalogOf();
  return catalogOf({
    providers: [providers[0], LAB_OFFLINE],
    favorites: [favorites[1]],
    hiddenFavorites: 1,
  });
}
