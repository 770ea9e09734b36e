import type { CheckedResult } from './snapshot.ts';

/** A provider whose result has expired, and the number that its next probe must exceed. */
export type Mark = readonly [provider: string, mark: number];

interface Found {
  readonly result: CheckedResult;
  readonly probe: number;
}

const NONE: readonly Mark[] = [];

/** Creates the store of the newest result of each provider: of overlapping probes, that of the last to begin. */
export function createLatestResults() {
  let step = 0;
  let version = 0;
  const found = new Map<string, Found>();
  const marks = new Map<string, number>();
  const probeOf = (provider: string) => found.get(provider)?.probe ?? 0;

  return {
    /** Begins a probe and returns its number. Numbers increase. */
    begin: () => (step += 1),
    /** Stores the result of a probe, unless a later probe has already ended. */
    arrive(provider: string, { result, probe }: Found): void {
      if (probe < probeOf(provider)) return;
      version += 1;
      found.set(provider, { result, probe });
      if (probe > (marks.get(provider) ?? 0)) marks.delete(provider);
    },
    replace(provider: string, result: CheckedResult): void {
      version += 1;
      found.set(provider, { result, probe: probeOf(provider) });
    },
    get: (provider: string) => found.get(provider)?.result ?? null,
    probeOf,
    results: (): ReadonlyMap<string, CheckedResult> =>
      new Map([...found].map(([provider, { result }]) => [provider, result])),
    /** Returns a number that changes with each change of the results. */
    version: () => version,
    /** Marks a provider's result as expired until a probe that begins after this call has ended. */
    expire(provider: string): void {
      step += 1;
      marks.set(provider, step);
    },
    expired: (): readonly Mark[] => (marks.size === 0 ? NONE : [...marks]),
  };
}
