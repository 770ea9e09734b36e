import { expect, it } from 'vitest';
import { NO_TIMES, noteLoaded, toLoadedLabel } from '../../../../ui/console/hosts/loaded-times.ts';
import type { Model } from '../../../../ui/fleet/catalog.ts';
import { modelOf } from '../../../catalog/samples.ts';
import { catalogOf } from './catalog-of.ts';

const ID = 'lab/big';
const catalog = (state: Model['state']) =>
  catalogOf({ lab: { models: [modelOf(ID, { state }) as unknown as Model] } });

/** The label at the last of these moments, after these states. */
function labelAfter(...moments: [seconds: number, state: Model['state']][]): string {
  let times = NO_TIMES;
  for (const [seconds, state] of moments) {
    times = noteLoaded(times, { catalog: catalog(state), now: seconds * 1000 });
  }
  const [now = 0, state = 'stopped'] = moments.at(-1) ?? [];
  return toLoadedLabel(state, { time: times.models.get(ID), now: now * 1000 });
}

it('shows the time since a load that the page has seen', () => {
  expect(labelAfter([0, 'stopped'], [5, 'starting'], [10, 'starting'])).toBe('starting for 5 s');
  expect(labelAfter([0, 'starting'], [5, 'ready'], [10, 'ready'])).toBe('ready for 5 s');
});

it('shows the minimum time for a model that was loaded before the page opened', () => {
  expect(labelAfter([0, 'ready'])).toBe('ready');
  expect(labelAfter([0, 'ready'], [15, 'ready'], [30, 'ready'])).toBe('ready for at least 30 s');
});

it('shows no time after a gap in the observations', () => {
  expect(labelAfter([0, 'stopped'], [5, 'ready'], [3605, 'ready'])).toBe('ready');
});

it('counts minutes and hours', () => {
  const every15s = Array.from({ length: 502 }, (_, at): [number, 'ready'] => [at * 15, 'ready']);
  expect(labelAfter(...every15s.slice(0, 13))).toBe('ready for at least 3 min');
  expect(labelAfter(...every15s)).toBe('ready for at least 2 h 5 min');
});

it('shows the state alone without a matching observation', () => {
  expect(toLoadedLabel('ready', { time: undefined, now: 0 })).toBe('ready');
  const time = { state: 'starting', since: 0, exact: true } as const;
  expect(toLoadedLabel('ready', { time, now: 5000 })).toBe('ready');
});
