import type { CheckedResult } from './snapshot.ts';

/** A provider whose result has expired, and the number that its next probe must exceed. */
export type Mark = readonly [provider: string, mark: number];

/** The newest result of each provider. If probes overlap, the result of the probe that began last counts. */
export interface LatestResults {
  /** Begins a probe and returns its number. Numbers increase. */
  begin(): number;
  /** Stores the result of a probe, unless a later probe has already ended. */
  arrive(provider: string, found: { result: CheckedResult; probe: number }): void;
  /** Replaces a provider's result. */
  replace(provider: string, result: CheckedResult): void;
  get(provider: string): CheckedResult | null;
  /** Returns the number of the probe that found the result; 0 if there was none. */
  probeOf(provider: string): number;
  results(): ReadonlyMap<string, CheckedResult>;
  /** Returns a number that changes with each change of the results. */
  version(): number;
  /** Marks a provider's result as expired until a probe that begins after this call has ended. */
  expire(provider: string): void;
  expired(): readonly Mark[];
}

const NONE: readonly Mark[] = [];

/** Creates the store, without results. */
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
