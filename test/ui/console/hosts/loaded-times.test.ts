import { expect, it } from 'vitest';
import { NO_TIMES, noteLoaded, toLoadedLabel } from '../../../../ui/console/hosts/loaded-times.ts';
import type { Model } from '../../../../ui/fleet/catalog.ts';
import { modelOf } from '../../../catalog/samples.ts';
import { catalogOf } from './catalog-of.ts';

const ID = 'lab/big';
const catalog = (state: Model['state']) =>
  catalogOf({ lab: { models: [modelOf(ID, { state }) as unknown as Model] } });

/** What is said at the last of these moments, each in seconds, of a model that was in these states. */
function say(...moments: [seconds: number, state: Model['state']][]): string {
  let times = NO_TIMES;
  for (const [seconds, state] of moments) {
    times = noteLoaded(times, { catalog: catalog(state), now: seconds * 1000 });
  }
  const [now = 0, state = 'stopped'] = moments.at(-1) ?? [];
  return toLoadedLabel(state, { time: times.models.get(ID), now: now * 1000 });
}

it('says since when a model is loaded, where that was seen', () => {
  expect(say([0, 'stopped'], [5, 'starting'], [10, 'starting'])).toBe('starting for 5 s');
  expect(say([0, 'starting'], [5, 'ready'], [10, 'ready'])).toBe('ready for 5 s');
});

it('says the least that it may be of a model that was loaded before the page looked', () => {
  expect(say([0, 'ready'])).toBe('ready');
  expect(say([0, 'ready'], [15, 'ready'], [30, 'ready'])).toBe('ready for at least 30 s');
});

it('knows nothing of what happened while nobody looked', () => {
  expect(say([0, 'stopped'], [5, 'ready'], [3605, 'ready'])).toBe('ready');
});

it('counts minutes and hours', () => {
  const every15s = Array.from({ length: 502 }, (_, at): [number, 'ready'] => [at * 15, 'ready']);
  expect(say(...every15s.slice(0, 13))).toBe('ready for at least 3 min');
  expect(say(...every15s)).toBe('ready for at least 2 h 5 min');
});

it('says the state alone of what no list has, or has otherwise', () => {
  expect(toLoadedLabel('ready', { time: undefined, now: 0 })).toBe('ready');
  const time = { state: 'starting', since: 0, exact: true } as const;
  expect(toLoadedLabel('ready', { time, now: 5000 })).toBe('ready');
});
