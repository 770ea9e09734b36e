import { join } from 'node:path';
import { startChild } from '../../bench/shared/child.ts';
import { TOOLS } from '../../bench/shared/paths.ts';

/** The state of a process in one second; null where the system, or the process, does not tell. */
export interface Sample {
  readonly residentBytes: number | null;
  /** The peak since it started. */
  readonly peakBytes: number | null;
  /** Open files, sockets among them. */
  readonly files: number | null;
  readonly sockets: number | null;
  /** The longest that its event loop was late, by its own `/metrics`. */
  readonly delayMs: number | null;
  /** The longest that it took to answer `/health`, which a late event loop makes late too. */
  readonly healthMs: number;
}

/** Watches a process. */
export interface Watch {
  /** The last second. */
  latest(): Sample;
  /** The longest delays there were, and the peak of memory. */
  worst(): Pick<Sample, 'delayMs' | 'healthMs' | 'peakBytes'>;
  end(): Promise<void>;
}

/** Watches Paddock from another process, which is less busy than the one that sends the requests. */
export async function startWatch({ url, pid }: { url: string; pid: number }): Promise<Watch> {
  const samples: Sample[] = [];
  const args = [join(TOOLS, 'soak-watch.js'), String(pid), url];
  const child = await startChild({
    args,
    onLine: (line) => samples.push(JSON.parse(line) as Sample),
  });
  return {
    latest: () => samples.at(-1) ?? (JSON.parse(child.firstLine) as Sample),
    // The first second is part of the start.
    worst: () => toWorst(samples.slice(1)),
    end: child.end,
  };
}

/** The longest delays of some samples, and their peak of memory. */
export function toWorst(
  samples: readonly Sample[],
): Pick<Sample, 'delayMs' | 'healthMs' | 'peakBytes'> {
  const most = (key: 'delayMs' | 'peakBytes') => {
    const known = samples.map((sample) => sample[key]).filter((figure) => figure !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  const healthMs = Math.max(0, ...samples.map((sample) => sample.healthMs));
  return { delayMs: most('delayMs'), healthMs, peakBytes: most('peakBytes') };
}
