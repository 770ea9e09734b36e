import { toTable } from '../../bench/shared/table.ts';
import type { Tally } from './tally.ts';
import type { Findings } from './verdict.ts';
import type { Sample, Watch } from './watch.ts';

/** What a soak has found, and how it was done. */
export interface Report {
  readonly title: string;
  readonly seconds: number;
  readonly tally: Tally;
  readonly findings: Findings;
  readonly worst: ReturnType<Watch['worst']>;
  /** What failed; nothing where all was sound. */
  readonly faults: readonly string[];
}

/** The figures of a soak, for other programs. */
export interface SoakFigures {
  readonly seconds: number;
  readonly requests: number;
  readonly lost: number;
  readonly wrong: number;
  /** How many faults were injected. */
  readonly faults: number;
  readonly peakBytes: number | null;
  /** By `/metrics`, or where it does not tell, how long `/health` took at most. */
  readonly longestDelayMs: number;
  /** Requests by kind, and of those the ones that were answered right. */
  readonly kinds: Readonly<Record<string, { requests: number; right: number }>>;
  readonly faultKinds: Readonly<Record<string, number>>;
  /** `sound`, or what failed. */
  readonly verdict: string;
}

/** The figures of a soak. */
export function toFigures({ seconds, tally, worst, faults }: Report): SoakFigures {
  const { lost, wrong, right, explained } = tally.total();
  const kinds = [...tally.kinds].map(([kind, counts]) => {
    return [kind, { requests: sum(Object.values(counts)), right: counts.right }] as const;
  });
  return {
    seconds,
    requests: lost + wrong + right + explained,
    lost,
    wrong,
    faults: sum([...tally.faults.values()]),
    peakBytes: worst.peakBytes,
    longestDelayMs: worst.delayMs ?? worst.healthMs,
    kinds: Object.fromEntries(kinds),
    faultKinds: Object.fromEntries(tally.faults),
    verdict: toVerdict(faults),
  };
}

/** The figures as tables, what went wrong in detail, and the verdict in the last line. */
export function describe(report: Report): string {
  const { title, tally, faults } = report;
  const parts = [title, describeAnswers(tally), describeFaults(tally), describeProcess(report)];
  if (tally.failures.length > 0) parts.push(tally.failures.join('\n'));
  return [...parts, `verdict: ${toVerdict(faults)}`].join('\n\n');
}

function toVerdict(faults: readonly string[]): string {
  return faults.length === 0 ? 'sound' : `failed: ${faults.join('; ')}`;
}

function describeAnswers(tally: Tally): string {
  const rows = [...tally.kinds, ['all', tally.total()] as const].map(([kind, counts]) => [
    kind,
    ...[sum(Object.values(counts)), counts.right, counts.explained, counts.lost, counts.wrong].map(
      String,
    ),
  ]);
  return toTable(['answers', 'requests', 'right', 'by a fault', 'lost', 'wrong'], rows);
}

function describeFaults(tally: Tally): string {
  const rows = [...tally.faults].map(([fault, times]) => [fault, String(times)]);
  return toTable(['faults injected', 'times'], rows);
}

function describeProcess({ findings: { before, after }, worst }: Report): string {
  const toRow = (name: string, sample: Sample) => [
    name,
    toMiB(sample.residentBytes),
    String(sample.files ?? '?'),
    String(sample.sockets ?? '?'),
  ];
  const rows = [
    toRow('at rest, after warming up', before),
    toRow('at rest, after it all', after),
    ['at most', toMiB(worst.peakBytes)],
  ];
  const delay = worst.delayMs === null ? 'unknown' : `${worst.delayMs.toFixed(0)} ms`;
  return [
    toTable(['Paddock', 'MiB', 'files', 'sockets'], rows),
    `longest delay of its event loop: ${delay}; slowest /health: ${worst.healthMs.toFixed(0)} ms`,
  ].join('\n');
}

function toMiB(bytes: number | null): string {
  return bytes === null ? '?' : (bytes / 1024 ** 2).toFixed(0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
