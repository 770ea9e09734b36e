import { expect, it } from 'vitest';
import type { ProviderReport } from '../../../../ui/fleet/answers.ts';
import { toHostCards } from '../../../../ui/console/hosts/to-host-cards.ts';
import { catalogOf } from './catalog-of.ts';

const catalog = catalogOf({ lab: ['big'], cloud: { kind: 'deepseek' } });
const nothing = { catalog, diagnosis: null, running: new Map(), monitor: null, now: 0 };
const report = (at: string, rest: Partial<ProviderReport>) => {
  const { models, ...group } = catalog.providers[0]!;
  return { ...group, modelCount: models.length, checkedAt: at, ...rest };
};
const watching = (one: ProviderReport) => ({
  reports: [one],
  history: new Map(),
  loadedTimes: { seenAt: null, models: new Map() },
});

it('shows every host of the catalog before other data arrives', () => {
  expect(toHostCards(nothing).map(({ provider, loaded }) => [provider.name, loaded])).toEqual([
    ['lab', []],
    ['cloud', []],
  ]);
});

it('uses the newer of two reports of a host', () => {
  const error = { code: 'provider_unreachable', message: 'It is away.' };
  const offline = { status: 'offline', error } as const;
  const newer = watching(report('2026-11-22T10:00:05.000Z', offline));
  expect(toHostCards({ ...nothing, monitor: newer })[0]?.provider).toMatchObject(offline);
  const older = watching(report('2026-11-22T09:59:55.000Z', offline));
  expect(toHostCards({ ...nothing, monitor: older })[0]?.provider.status).toBe('online');
});

it('shows loaded models of any release, and none of an offline host', () => {
  const data = { running: [{ model: 'big', state: 'ready' }, { model: 'unlisted' }] };
  const running = new Map([['lab', { data, fault: null }]]);
  expect(toHostCards({ ...nothing, running })[0]?.loaded).toEqual([
    { model: 'big', label: 'ready' },
    { model: 'unlisted', label: 'loaded' },
  ]);
  const offline = catalogOf({ lab: { status: 'offline' } });
  expect(toHostCards({ ...nothing, catalog: offline, running })[0]?.loaded).toEqual([]);
});
