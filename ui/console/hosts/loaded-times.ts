import type { Catalog, Model } from '../../fleet/catalog.ts';

/** A model's state and the time since when it has been in it. */
interface LoadedTime {
  readonly state: Model['state'];
  /** In milliseconds since 1970. */
  readonly since: number;
  /** Whether this page saw the change to that state; if not, the model may have been in it for longer. */
  readonly exact: boolean;
}

/** The loaded models as this page has observed them. Providers do not report when a model was loaded. */
export interface LoadedTimes {
  /** The time of the last observation, in milliseconds since 1970; null before the first. */
  readonly seenAt: number | null;
  /** By composite ID. */
  readonly models: ReadonlyMap<string, LoadedTime>;
}

/** The state before the first observation. */
export const NO_TIMES: LoadedTimes = { seenAt: null, models: new Map() };

/**
 * The longest time between two observations, in milliseconds: after a longer one, changes in between may have been
 * missed.
 */
const MAX_INTERVAL_MS = 20_000;

/** The shortest duration worth showing with "at least", in milliseconds. */
const MIN_SHOWN_MS = 3000;

/** Records the loaded models of the catalog. */
export function noteLoaded(
  times: LoadedTimes,
  { catalog, now }: { catalog: Catalog; now: number },
): LoadedTimes {
  const isContinuous = times.seenAt !== null && now - times.seenAt <= MAX_INTERVAL_MS;
  const models = new Map<string, LoadedTime>();
  for (const { id, state } of catalog.providers.flatMap((provider) => provider.models)) {
    if (state === 'stopped' || state === 'unknown') continue;
    const known = isContinuous ? times.models.get(id) : undefined;
    const isSame = known?.state === state;
    models.set(id, isSame ? known : { state, since: now, exact: isContinuous });
  }
  return { seenAt: now, models };
}

/** Formats a model's state and its duration: `ready for 3 min`, `ready for at least 3 min`, `starting for 4 s`. */
export function toLoadedLabel(
  state: string,
  { time, now }: { time: LoadedTime | undefined; now: number },
): string {
  if (time === undefined || time.state !== state) return state;
  const durationMs = Math.max(0, now - time.since);
  if (time.exact) return `${state} for ${toDurationLabel(durationMs)}`;
  return durationMs < MIN_SHOWN_MS ? state : `${state} for at least ${toDurationLabel(durationMs)}`;
}

function toDurationLabel(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
