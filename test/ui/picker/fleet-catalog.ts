// A catalog as a picker gets it.

import type { Catalog } from '../../../ui/fleet/catalog.ts';
import { groupOf, modelOf } from '../../catalog/samples.ts';

/** When it is, in all tests: two minutes after the lab was last seen. */
export const NOW = Date.parse('2026-11-22T10:02:00.000Z');

const AWAY = { code: 'provider_unreachable', message: 'lab could not be reached.' };

/** The lab's group while it is away. */
export const LAB_AWAY = groupOf('lab', { label: 'Lab', status: 'offline', error: AWAY });

/** A desk, which answers bare IDs, and a lab: `gpt` is on both, and `desk/qwen` and `lab/gpt` are favorites. */
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

/** The same fleet without its lab. */
export function catalogWithoutLab(): Catalog {
  const { providers, favorites } = catalogOf();
  return catalogOf({
    providers: [providers[0], LAB_AWAY],
    favorites: [favorites[1]],
    hiddenFavorites: 1,
  });
}
