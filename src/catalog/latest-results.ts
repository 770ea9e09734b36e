import type { CheckedResult } from './snapshot.ts';

/** A provider whose result has expired, and the number that its next probe must exceed. */
export type Mark = readonly [provider: string, mark: number];

interface Found {
  readonly result: CheckedResult;
  readonly probe: number;
}

/** The newest results, and which of them have expired. */
export type LatestResults = ReturnType<typeof createLatestResults>;

const NONE: readonly Mark[] = [];

/** Creates the store of the newest result of each provider: of overlapping probes, that of the last to begin. */
export function createLatestResults() {
  let step = 0;
  let results: ReadonlyMap<string, CheckedResult> = new Map();
  const found = new Map<string, Found>();
  const marks = new Map<string, number>();
  const probeOf = (provider: string) => found.get(provider)?.probe ?? 0;
  const keep = (provider: string, one: Found) => {
    found.set(provider, one);
    results = new Map([...found].map(([name, { result }]) => [name, result]));
  };

  return {
    /** Begins a probe and returns its number. Numbers increase. */
    begin: () => (step += 1),
    /** Stores the result of a probe, unless a later probe has already ended. */
    arrive(provider: string, { result, probe }: Found): void {
      if (probe < probeOf(provider)) return;
      keep(provider, { result, probe });
      if (probe > (marks.get(provider) ?? 0)) marks.delete(provider);
    },
    replace: (provider: string, result: CheckedResult) =>
      keep(provider, { result, probe: probeOf(provider) }),
    get: (provider: string) => results.get(provider) ?? null,
    probeOf,
    /** Returns the results of all providers: the same map until one of them changes. */
    results: () => results,
    /** Marks a provider's result as expired until a probe that begins after this call has ended. */
    expire(provider: string): void {
      step += 1;
      marks.set(provider, step);
    },
    expired: (): readonly Mark[] => (marks.size === 0 ? NONE : [...marks]),
    /** Whether a probe that began after the mark was set has ended. */
    isFresh: ([provider, mark]: Mark) => probeOf(provider) > mark,
  };
}
