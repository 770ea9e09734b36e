import { describe, expect, it } from 'vitest';
import { groupFindings } from '../../../../ui/console/hosts/group-findings.ts';
import { findHiddenFavorites } from '../../../../ui/console/hosts/find-hidden-favorites.ts';
import { toHostsSummary, toHostStatus } from '../../../../ui/console/hosts/host-status.ts';
import { toScaleTop } from '../../../../ui/console/hosts/latency-history.ts';
import { findDrifted, readRoles } from '../../../../ui/console/hosts/read-roles.ts';
import type { Finding, Roles } from '../../../../ui/fleet/answers.ts';
import type { Model } from '../../../../ui/fleet/catalog.ts';
import { modelOf } from '../../../catalog/samples.ts';
import { catalogOf } from './catalog-of.ts';

describe('findings', () => {
  const find = (level: Finding['level'], code = 'offline'): Finding => ({
    level,
    code,
    subject: 'lab',
    message: `${level} ${code}`,
  });

  it('are grouped by level, worst first, in the order of the doctor', () => {
    const given = [find('note'), find('fault', 'a'), find('warning'), find('fault', 'b')];
    const groups = groupFindings(given, { except: [] });
    expect(groups.map(({ title }) => title)).toEqual(['2 faults', '1 warning', '1 note']);
    expect(groups[0]?.findings.map(({ code }) => code)).toEqual(['a', 'b']);
  });

  it('leave out what is shown elsewhere', () => {
    expect(groupFindings([find('warning', 'hidden')], { except: ['hidden'] })).toEqual([]);
  });
});

describe('roles', () => {
  type Resolution = NonNullable<Roles['default']>;
  const resolve = (id: string, rest: Partial<Resolution> = {}) =>
    ({ id, available: true, ...rest }) as Resolution;

  it('show the model and the setting of each role', () => {
    const main = resolve('lab/big');
    const roles = {
      default: main,
      task: main,
      compaction: resolve('lab/small', { available: false }),
      arena: [],
    };
    expect(
      readRoles(roles).map(({ variable, id, inherited, state }) => [
        variable,
        id,
        inherited,
        state,
      ]),
    ).toEqual([
      ['DEFAULT_MODEL', 'lab/big', false, 'available'],
      ['TASK_MODEL', 'lab/big', true, 'available'],
      ['COMPACTION_MODEL', 'lab/small', false, 'offline'],
      ['ARENA_MODELS', null, false, 'unset'],
    ]);
  });

  it('that have drifted count once for each setting', () => {
    const gone = resolve('lab/gone', { available: false, drift: true });
    const other = resolve('lab/other', { available: false, drift: true });
    const roles = {
      default: gone,
      task: gone,
      compaction: null,
      arena: [resolve('lab/big'), other],
    };
    expect(findDrifted(readRoles(roles)).map(({ variable, id }) => [variable, id])).toEqual([
      ['DEFAULT_MODEL', 'lab/gone'],
      ['ARENA_MODELS', 'lab/other'],
    ]);
  });
});

describe('hidden favorites', () => {
  const favorite = (id: string, available: boolean | null) => ({
    id,
    available,
    position: 0,
    createdAt: '2026-11-22T10:00:00.000Z',
  });
  const catalog = catalogOf({
    lab: { label: 'Lab server', status: 'offline' },
    desktop: { label: 'Sam’s desktop' },
  });

  it.each([
    ['lab/big', 'Hidden until Lab server is online.'],
    [
      'desktop/old',
      'Sam’s desktop no longer lists this model. Add the model there, or remove this favorite.',
    ],
    ['gone/old', 'No provider is named gone. Add it to PROVIDERS, or remove this favorite.'],
  ])('show the reason: %s', (id, reason) => {
    expect(findHiddenFavorites([favorite(id, false)], catalog)).toEqual([{ id, reason }]);
    expect(findHiddenFavorites([favorite(id, null)], catalog)).toEqual([{ id, reason }]);
    expect(findHiddenFavorites([favorite(id, true)], catalog)).toEqual([]);
  });
});

describe('hosts', () => {
  it('have a distinct word and shape for each status', () => {
    const all = (['online', 'offline', 'unauthorized', 'invalid'] as const).map(toHostStatus);
    expect(new Set(all.map(({ word }) => word)).size).toBe(4);
    expect(new Set(all.map(({ mark }) => mark)).size).toBe(4);
  });

  it('are summarized in one line', () => {
    const ready = modelOf('lab/big', { state: 'ready' }) as unknown as Model;
    const one = catalogOf({ lab: { models: [ready] } });
    expect(toHostsSummary(one.providers)).toBe('1 host online · 1 model · 1 loaded');
    const more = catalogOf({ lab: ['a', 'b'], desktop: ['c'], old: { status: 'offline' } });
    expect(toHostsSummary(more.providers)).toBe('2 of 3 hosts online · 3 models · 0 loaded');
  });

  it.each([
    [0, 10],
    [10, 10],
    [11, 20],
    [36, 50],
    [51, 100],
    [118, 200],
    [2000, 2000],
  ])('with a worst latency of %i ms have a scale up to %i ms', (worst, top) => {
    expect(toScaleTop(worst)).toBe(top);
  });
});
