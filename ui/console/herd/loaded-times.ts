import type { Catalog, Model } from '../../herd/catalog.ts';

/** Since when a model has been in its state. */
interface LoadedTime {
  readonly state: Model['state'];
  /** In milliseconds since 1970. */
  readonly since: number;
  /** Whether it was seen to come into that state; else it may have been in it for longer. */
  readonly exact: boolean;
}

/** What this page saw of the models that are loaded. Hosts do not say since when they are. */
export interface LoadedTimes {
  /** When it last looked, in milliseconds since 1970; null where it never did. */
  readonly seenAt: number | null;
  /** By composite ID. */
  readonly models: ReadonlyMap<string, LoadedTime>;
}

/** What is known before the first look. */
export const NO_TIMES: LoadedTimes = { seenAt: null, models: new Map() };

/** After longer inattention, in milliseconds, nobody knows what happened in between. */
const LAPSE_MS = 20_000;

/** "At least" less than this, in milliseconds, says nothing. */
const WORTH_SAYING_MS = 3000;

/** Looks at the herd once more. */
export function noteLoaded(
  times: LoadedTimes,
  { catalog, now }: { catalog: Catalog; now: number },
): LoadedTimes {
  const wasWatching = times.seenAt !== null && now - times.seenAt <= LAPSE_MS;
  const models = new Map<string, LoadedTime>();
  for (const { id, state } of catalog.providers.flatMap((provider) => provider.models)) {
    if (state === 'stopped' || state === 'unknown') continue;
    const known = wasWatching ? times.models.get(id) : undefined;
    const isSame = known?.state === state;
    models.set(id, isSame ? known : { state, since: now, exact: wasWatching });
  }
  return { seenAt: now, models };
}

/** What a model is doing and for how long: `ready for 3 min`, `ready for at least 3 min`, `starting for 4 s`. */
export function toLoadedLabel(
  state: string,
  { time, now }: { time: LoadedTime | undefined; now: number },
): string {
  if (time === undefined || time.state !== state) return state;
  const lasted = Math.max(0, now - time.since);
  if (time.exact) return `${state} for ${toDurationLabel(lasted)}`;
  return lasted < WORTH_SAYING_MS ? state : `${state} for at least ${toDurationLabel(lasted)}`;
}

function toDurationLabel(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
