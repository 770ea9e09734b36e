import { describe, expect, it } from 'vitest';
import {
  toAgeLabel,
  toCapabilityLabel,
  toLastSeenLabel,
  toStateLabel,
  toTokensLabel,
} from '../../../ui/fleet/labels.ts';
import type { Provider } from '../../../ui/fleet/catalog.ts';

describe('toTokensLabel', () => {
  it.each([
    [512, '512'],
    [8192, '8k'],
    [40_960, '40k'],
    [65_536, '64k'],
    [98_304, '96k'],
    [131_072, '128k'],
    [200_000, '200k'],
    [262_144, '256k'],
    [1_000_000, '1M'],
    [1_048_576, '1M'],
    [1_500_000, '1.5M'],
    [32_500, '32.5k'],
  ])('formats %i tokens as %s', (tokens, label) => {
    expect(toTokensLabel(tokens)).toBe(label);
  });
});

describe('toAgeLabel', () => {
  const NOW = Date.UTC(2026, 10, 22, 12);
  it.each([
    [0, '0 s ago'],
    [12, '12 s ago'],
    [90, '2 min ago'],
    [59 * 60, '59 min ago'],
    [3 * 3600, '3 h ago'],
    [47 * 3600, '47 h ago'],
    [4 * 86_400, '4 days ago'],
    [-30, '0 s ago'],
  ])('formats %i seconds as %s', (seconds, label) => {
    expect(toAgeLabel(NOW - seconds * 1000, NOW)).toBe(label);
  });

  it('is in the label of an offline host, and not of one that was never online', () => {
    const seen = (lastSeenAt: string | null) => toLastSeenLabel({ lastSeenAt } as Provider, NOW);
    expect(seen('2026-11-22T11:57:00.000Z')).toBe('last seen 3 min ago');
    expect(seen(null)).toBe('not seen since Paddock started');
  });
});

it('labels only states that matter', () => {
  const states = ['ready', 'starting', 'stopping', 'stopped', 'unknown'] as const;
  expect(states.map(toStateLabel)).toEqual(['ready', 'starting', 'stopping', null, null]);
});

it('shows an unknown capability by its name', () => {
  expect(['vision', 'time_travel'].map(toCapabilityLabel)).toEqual(['image input', 'time travel']);
});
