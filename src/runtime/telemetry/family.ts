import { Gauge } from 'prom-client';
import type { Histogram } from '../../telemetry/histogram.ts';

/** One value of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** The sample's own name if it differs from the metric's, as for the parts of a histogram. */
  readonly metricName?: string;
}

/** A metric whose values are counted elsewhere. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Reads the current values at a scrape. */
  readonly read: () => readonly Sample[];
}

/** Adapts a family, read only at a scrape: prom-client's own counters take microseconds per request. */
export class FamilyMetric extends Gauge {
  readonly type: Family['type'];
  readonly #read: Family['read'];

  constructor({ name, type, help, read }: Family) {
    super({ name, help, registers: [] });
    this.type = type;
    this.#read = read;
  }

  override async get() {
    // Read before the first `await`, so that two scrapes do not mix.
    const values = [...this.#read()];
    return { ...(await super.get()), values };
  }
}

/** Adds one to a count in a table of two keys. */
export function increment<Of, By>(
  table: Map<Of, Map<By, number>>,
  { of, by }: { of: Of; by: By },
): void {
  const counts = table.get(of);
  if (counts === undefined) table.set(of, new Map([[by, 1]]));
  else counts.set(by, (counts.get(by) ?? 0) + 1);
}

/** Returns the samples of one histogram. */
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
