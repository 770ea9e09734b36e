// Snapshots of providers that list a few models.

import type { CheckedResult, Snapshot } from '../../src/catalog/snapshot.ts';
import { readModelList } from './read-list.ts';

const checkedAt = '2026-11-24T10:00:00.000Z';

/** The result of an online provider that lists models, by their names or their records. */
export function online(...models: (string | object)[]): CheckedResult {
  const data = models.map((model) => (typeof model === 'string' ? { id: model } : model));
  return {
    status: 'online',
    error: null,
    latencyMs: 1,
    models: readModelList({ data }, { provider: 'a', running: null }) ?? [],
    loaded: new Map(),
    checkedAt,
    lastSeenAt: checkedAt,
  };
}

/** The result of a provider that has no list to show. */
export function offline(status: 'offline' | 'unauthorized' | 'invalid' = 'offline'): CheckedResult {
  return {
    status,
    error: { code: 'x', message: 'x' },
    latencyMs: null,
    models: [],
    loaded: new Map(),
    checkedAt,
    lastSeenAt: null,
  };
}

/** A snapshot of these results. */
export function snapshotOf(results: Record<string, CheckedResult>): Snapshot {
  return { takenAt: checkedAt, results: new Map(Object.entries(results)), learned: new Map() };
}
