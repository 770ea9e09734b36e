import { Gauge } from 'prom-client';
import type { Histogram } from '../../telemetry/histogram.ts';

/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** The name that it has beside the metric's own, as parts of a histogram have. */
  readonly metricName?: string;
}

/** A metric whose values are counted elsewhere. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Reads its values as they are at a scrape. */
  readonly read: () => readonly Sample[];
}

/**
 * A family as prom-client takes it. Its own counters put a key together out of all labels for each value, which takes
 * microseconds for a request; here they are looked at when somebody scrapes.
 */
export class FamilyMetric extends Gauge {
  readonly type: Family['type'];
  readonly #read: Family['read'];

  constructor({ name, type, help, read }: Family) {
    super({ name, help, registers: [] });
    this.type = type;
    this.#read = read;
  }

  override async get() {
    // Read before anything is waited for, so that two scrapes do not mix.
    const values = [...this.#read()];
    return { ...(await super.get()), values };
  }
}

/** The samples of one histogram. */
export function toSamples(
  { bounds, counts, sum }: Histogram,
  { name, labels }: { name: string; labels: Sample['labels'] },
): Sample[] {
  let count = 0;
  const buckets = [...bounds, '+Inf'].map((le, index) => {
    count += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
