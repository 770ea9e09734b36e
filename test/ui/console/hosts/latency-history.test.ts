import { describe, expect, it } from 'vitest';
import {
  addSamples,
  summarizeLatency,
  toChartLabel,
  toSeries,
  type LatencyHistory,
} from '../../../../ui/console/hosts/latency-history.ts';

const START = Date.parse('2026-11-22T09:30:00.000Z');

function probe(seconds: number, latencyMs: number | null = 4, name = 'lab') {
  return { name, checkedAt: new Date(START + seconds * 1000).toISOString(), latencyMs };
}

function collect(...rounds: ReturnType<typeof probe>[]): LatencyHistory {
  return rounds.reduce<LatencyHistory>((history, one) => addSamples(history, [one]), new Map());
}

describe('the history of latencies', () => {
  it('keeps one sample for each probe, also when it is reported twice', () => {
    const history = collect(probe(0, 4), probe(0, 4), probe(5, 6), probe(5, 6));
    expect(history.get('lab')).toEqual([
      { at: START, latencyMs: 4 },
      { at: START + 5000, latencyMs: 6 },
    ]);
  });

  it('keeps five minutes', () => {
    const history = collect(probe(0), probe(100), probe(301));
    expect(history.get('lab')?.map(({ at }) => (at - START) / 1000)).toEqual([100, 301]);
  });

  it('has no samples of a host that was never probed, and forgets a removed host', () => {
    const history = addSamples(collect(probe(0)), [
      { name: 'desktop', checkedAt: null, latencyMs: null },
    ]);
    expect([...history]).toEqual([['desktop', []]]);
  });

  it('has gaps where the host was offline and where no probe ran', () => {
    const samples = collect(probe(0, 4), probe(5, null), probe(10, 6), probe(60, 5)).get('lab');
    const { times, latencies } = toSeries(samples ?? []);
    expect(latencies).toEqual([4, null, 6, null, 5]);
    expect(times.map((time) => Math.round(time * 1000) - START)).toEqual([
      0, 5000, 10_000, 10_001, 60_000,
    ]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('summarizeLatency', () => {
  const of = (...values: (number | null)[]) =>
    summarizeLatency(values.map((latencyMs, index) => ({ at: index, latencyMs })));

  it.each([
    ['no samples', of(), null],
    ['a host that never answered', of(null, null), null],
    ['one answer', of(7), { latest: 7, median: 7, worst: 7 }],
    ['an odd number of answers', of(9, 1, 5), { latest: 5, median: 5, worst: 9 }],
    ['an even number of answers', of(1, 3, 6, 8), { latest: 8, median: 5, worst: 8 }],
    ['a host that went offline', of(4, 8, null), { latest: null, median: 6, worst: 8 }],
  ])('summarizes %s', (_name, summary, expected) => {
    expect(summary).toEqual(expected);
  });

  it('has a label for screen readers', () => {
    const start = 'Latency of Lab server over the last five minutes: ';
    expect(toChartLabel('Lab server', { latest: 8, median: 6, worst: 9 })).toBe(
      `${start}latest 8 ms, median 6 ms, worst 9 ms`,
    );
    expect(toChartLabel('Lab server', { latest: null, median: 4, worst: 4 })).toBe(
      `${start}no response now, median 4 ms, worst 4 ms`,
    );
  });
});
