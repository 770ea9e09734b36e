import type { CheckedResult } from './snapshot.ts';

/** A provider whose result is out of date, and the number that its next probe must exceed. */
export type Mark = readonly [provider: string, mark: number];

/** What is newest of each provider: of probes that overlap, what the last one to begin has found. */
export interface LatestResults {
  /** Begins a probe, and returns its number. Numbers rise. */
  begin(): number;
  /** Takes in what that probe has found, unless a later one was quicker. */
  arrive(provider: string, found: { result: CheckedResult; probe: number }): void;
  /** Puts another value in the place of a provider's result. */
  replace(provider: string, result: CheckedResult): void;
  get(provider: string): CheckedResult | null;
  /** The number of the probe that found it; 0 where there was none. */
  probeOf(provider: string): number;
  results(): ReadonlyMap<string, CheckedResult>;
  /** Another number with each change. */
  version(): number;
  /** Marks a provider's result as out of date, until a probe that begins from here on has ended. */
  expire(provider: string): void;
  expired(): readonly Mark[];
}

const NONE: readonly Mark[] = [];

/** Makes it, with nothing found yet. */
export function createLatestResults(): LatestResults {
  let step = 0;
  let version = 0;
  const found = new Map<string, { readonly result: CheckedResult; readonly probe: number }>();
  const marks = new Map<string, number>();
  const probeOf = (provider: string) => found.get(provider)?.probe ?? 0;

  return {
    begin: () => (step += 1),
    arrive(provider, { result, probe }) {
      if (probe < probeOf(provider)) return;
      version += 1;
      found.set(provider, { result, probe });
      if (probe > (marks.get(provider) ?? 0)) marks.delete(provider);
    },
    replace(provider, result) {
      version += 1;
      found.set(provider, { result, probe: probeOf(provider) });
    },
    get: (provider) => found.get(provider)?.result ?? null,
    probeOf,
    results: () => new Map([...found].map(([provider, { result }]) => [provider, result])),
    version: () => version,
    expire(provider) {
      step += 1;
      marks.set(provider, step);
    },
    expired: () => (marks.size === 0 ? NONE : [...marks]),
  };
}
