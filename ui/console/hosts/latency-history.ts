/** The latency of one probe and its time. */
export interface Sample {
  /** In milliseconds since 1970, by the gateway's clock. */
  readonly at: number;
  /** In milliseconds; null if the provider did not respond. */
  readonly latencyMs: number | null;
}

/** The fields of a probe in the response of `GET /api/providers`. */
interface Probed {
  readonly name: string;
  readonly checkedAt: string | null;
  readonly latencyMs: number | null;
}

/** The samples by the provider's name, oldest first. */
export type LatencyHistory = ReadonlyMap<string, readonly Sample[]>;

/** How long samples are kept, in milliseconds. */
export const HISTORY_MS = 5 * 60_000;

/** The longest time between two samples of one line, in milliseconds: a longer one is a gap in the chart. */
const GAP_MS = 20_000;

/**
 * Adds a round of probes to the history. Ignores probes that it already contains, and drops samples older than
 * HISTORY_MS.
 */
export function addSamples(history: LatencyHistory, round: readonly Probed[]): LatencyHistory {
  return new Map(
    round.map(({ name, checkedAt, latencyMs }) => {
      const known = history.get(name) ?? [];
      const at = checkedAt === null ? Number.NaN : Date.parse(checkedAt);
      const last = known.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
      if (!(at > last)) return [name, known];
      const kept = known.filter((sample) => sample.at >= at - HISTORY_MS);
      return [name, [...kept, { at, latencyMs }]];
    }),
  );
}

/** The data of a chart: times in seconds since 1970, and latencies in milliseconds, with null for a gap. */
export interface Series {
  readonly times: number[];
  readonly latencies: (number | null)[];
}

/** Converts samples to a line with gaps where the provider did not respond and where no probe was made. */
export function toSeries(samples: readonly Sample[]): Series {
  const times: number[] = [];
  const latencies: (number | null)[] = [];
  let last = Number.POSITIVE_INFINITY;
  for (const { at, latencyMs } of samples) {
    if (at - last > GAP_MS) {
      times.push((last + 1) / 1000);
      latencies.push(null);
    }
    times.push(at / 1000);
    latencies.push(latencyMs);
    last = at;
  }
  return { times, latencies };
}

/** A summary of the latency history, in milliseconds. */
export interface LatencySummary {
  /** Null if the provider did not respond to the last probe. */
  readonly latest: number | null;
  readonly median: number;
  readonly worst: number;
}

/** Summarizes the samples with a response; null if there are none. */
export function summarizeLatency(samples: readonly Sample[]): LatencySummary | null {
  const answered = samples.flatMap(({ latencyMs }) => latencyMs ?? []);
  const sorted = answered.toSorted((a, b) => a - b);
  const worst = sorted.at(-1);
  if (worst === undefined) return null;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? worst;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? worst;
  const latest = samples.at(-1)?.latencyMs ?? null;
  return { latest, median: Math.round((lower + upper) / 2), worst };
}

/** Returns the accessible name of the chart. */
export function toChartLabel(label: string, { latest, median, worst }: LatencySummary): string {
  const now = latest === null ? 'no response now' : `latest ${latest} ms`;
  return `Latency of ${label} over the last five minutes: ${now}, median ${median} ms, worst ${worst} ms`;
}

/**
 * Returns the upper end of a scale for latencies up to `worst` ms: a round number, so that adjacent charts can be
 * compared.
 */
export function toScaleTop(worst: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(worst, 10)));
  return decade * ([1, 2, 5].find((step) => step * decade >= worst) ?? 10);
}
