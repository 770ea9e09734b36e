/** How long one probe of a host took, and when it was made. */
export interface Sample {
  /** In milliseconds since 1970, by the gateway's clock. */
  readonly at: number;
  /** In milliseconds; null where the host did not answer. */
  readonly latencyMs: number | null;
}

/** What a probe says of its host, as `GET /api/providers` has it. */
interface Probed {
  readonly name: string;
  readonly checkedAt: string | null;
  readonly latencyMs: number | null;
}

/** The samples of each host by its name, oldest first. */
export type LatencyHistory = ReadonlyMap<string, readonly Sample[]>;

/** How far back samples are kept, in milliseconds. */
export const HISTORY_MS = 5 * 60_000;

/** Samples further apart than this, in milliseconds, have a time between them of which nothing is known. */
const GAP_MS = 20_000;

/** The history with one more round: a probe that is in it already adds nothing, and what is too old is left out. */
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

/** What a chart draws: times in seconds since 1970, and latencies in milliseconds with null for a gap. */
export interface Series {
  readonly times: number[];
  readonly latencies: (number | null)[];
}

/** The samples as a line, which is interrupted where the host was away and where nobody asked. */
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

/** Some minutes of a host in numbers, all in milliseconds. */
export interface LatencySummary {
  /** Null where the host did not answer the last time. */
  readonly latest: number | null;
  readonly median: number;
  readonly worst: number;
}

/** Sums up what was answered, or null where nothing was. */
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

/** What the chart shows, for who does not see it. */
export function toChartLabel(label: string, { latest, median, worst }: LatencySummary): string {
  const now = latest === null ? 'no answer now' : `latest ${latest} ms`;
  return `Latency of ${label} over the last five minutes: ${now}, median ${median} ms, worst ${worst} ms`;
}

/** The top of a scale that shows latencies up to `worst` ms: a round number, so that charts side by side can be compared. */
export function toScaleTop(worst: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(worst, 10)));
  return decade * ([1, 2, 5].find((step) => step * decade >= worst) ?? 10);
}
