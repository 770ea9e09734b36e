import { describe, expect, test } from 'vitest';
import { createDriftWatch, findDrifts } from '../../src/catalog/drift.ts';
import { readModelList } from './read-list.ts';
import type { CheckedResult, Snapshot } from '../../src/catalog/snapshot.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const checkedAt = '2026-11-24T10:00:00.000Z';
const { roles } = parseSettings({
  PROVIDERS: 'a=llama-swap://a b=llama-swap://b',
  DEFAULT_MODEL: 'gone',
  COMPACTION_MODEL: 'small',
  ARENA_MODELS: 'b/x, b/old',
});

function online(...records: object[]): CheckedResult {
  const models = readModelList({ data: records }, { provider: 'a', running: null }) ?? [];
  return {
    status: 'online',
    error: null,
    latencyMs: 1,
    models,
    loaded: new Map(),
    checkedAt,
    lastSeenAt: checkedAt,
  };
}

const unreachable = (status: 'offline' | 'unauthorized' | 'invalid'): CheckedResult => ({
  status,
  error: { code: 'x', message: 'x' },
  latencyMs: null,
  models: [],
  loaded: new Map(),
  checkedAt,
  lastSeenAt: null,
});

const snapshotOf = (results: Record<string, CheckedResult>): Snapshot => ({
  takenAt: checkedAt,
  results: new Map(Object.entries(results)),
  learned: new Map(),
});

const SMALL = { id: 's', meta: { llamaswap: { aliases: ['small'] } } };

describe('findDrifts', () => {
  test('reports each setting whose model an online provider does not list', () => {
    const snapshot = snapshotOf({ a: online({ id: 'q' }, SMALL), b: online({ id: 'x' }) });
    expect(findDrifts(roles, snapshot)).toEqual([
      {
        variable: 'DEFAULT_MODEL',
        id: 'a/gone',
        message:
          'DEFAULT_MODEL is "a/gone", but a does not list "gone": set it to a model of /api/models.',
      },
      {
        variable: 'ARENA_MODELS',
        id: 'b/old',
        message:
          'ARENA_MODELS is "b/old", but b does not list "old": set it to a model of /api/models.',
      },
    ]);
  });

  test.each(['offline', 'unauthorized', 'invalid'] as const)(
    'ignores models of a provider that is %s',
    (status) => {
      expect(
        findDrifts(roles, snapshotOf({ a: unreachable(status), b: unreachable(status) })),
      ).toEqual([]);
    },
  );

  test('reports nothing before the first probe', () => {
    expect(findDrifts(roles, null)).toEqual([]);
    expect(findDrifts(roles, snapshotOf({}))).toEqual([]);
  });
});

describe('createDriftWatch', () => {
  test('reports a drift once, and again after the model was listed in between', () => {
    const messages: string[] = [];
    const watch = createDriftWatch(roles, (message) => messages.push(message));
    const whole = online({ id: 'gone' }, SMALL);
    const drifted = online(SMALL);
    const b = online({ id: 'x' }, { id: 'old' });
    for (const a of [whole, drifted, drifted, whole, drifted]) watch(snapshotOf({ a, b }));
    expect(messages).toHaveLength(2);
    expect(messages[0]).toContain('"a/gone"');
  });
});
