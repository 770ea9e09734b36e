import type { ProbeResult } from '../../catalog/probe.ts';
import { addDuration, createHistogram, type Histogram } from '../../telemetry/histogram.ts';
import type { Metrics } from '../../http/routes/metrics.ts';
import { increment, toSamples, type Family } from './family.ts';

/** The bounds of the histogram, in seconds: from a provider on the same machine to the longest useful timeout. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const DURATION = 'paddock_probe_duration_seconds';

/** Creates the counter of probes and its metrics. */
export function countProbes(): Pick<Metrics, 'probed'> & { readonly families: readonly Family[] } {
  const results = new Map<string, Map<ProbeResult['status'], number>>();
  const durations = new Map<string, Histogram>();
  return {
    probed({ provider, result, milliseconds }) {
      increment(results, { of: provider, by: result });
      const duration = durations.get(provider) ?? createHistogram(BOUNDS);
      durations.set(provider, duration);
      addDuration(duration, milliseconds / 1000);
    },
    families: [
      {
        name: 'paddock_probes_total',
        type: 'counter',
        help: 'Probes of providers, by result: online, offline, unauthorized or invalid.',
        read: () =>
          [...results].flatMap(([provider, counts]) =>
            [...counts].map(([result, value]) => ({ labels: { provider, result }, value })),
          ),
      },
      {
        name: DURATION,
        type: 'histogram',
        help: 'How long probes of a provider took.',
        read: () =>
          [...durations].flatMap(([provider, duration]) =>
            toSamples(duration, { name: DURATION, labels: { provider } }),
          ),
      },
    ],
  };
}
