import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, planRead, type ReadPlan } from '../../src/catalog/freshness.ts';

describe('planRead', () => {
  it.each<[string, ReadPlan, Partial<Parameters<typeof planRead>[0]>]>([
    ['with no snapshot', 'wait-for-all', { ageMs: null }],
    ['with a new snapshot', 'serve', { ageMs: 0 }],
    ['just before the TTL', 'serve', { ageMs: 4999 }],
    ['at the TTL', 'serve-and-refresh', { ageMs: 5000 }],
    ['at twelve TTLs', 'serve-and-refresh', { ageMs: 60_000 }],
    ['after twelve TTLs', 'wait-briefly', { ageMs: 60_001 }],
    ['after a night', 'wait-briefly', { ageMs: 30_000_000 }],
    ['to refresh a new snapshot', 'wait-for-all', { ageMs: 0, refresh: true }],
    ['to refresh an old snapshot', 'wait-for-all', { ageMs: 60_001, refresh: true }],
    ['to refresh without a snapshot', 'wait-for-all', { ageMs: null, refresh: true }],
    ['with a TTL of 0, at once', 'serve-and-refresh', { ageMs: 0, ttlMs: 0 }],
    ['with a TTL of 0, later', 'wait-briefly', { ageMs: 1, ttlMs: 0 }],
  ])('plans a request %s as %s', (...[, plan, options]) => {
    expect(planRead({ ageMs: null, ttlMs: 5000, refresh: false, ...options })).toBe(plan);
  });

  it('waits briefly for at most 300 ms', () => {
    expect(PATIENCE_MS).toBe(300);
  });
});
