import type { PaddockError } from '../errors.ts';
import type { Favorite } from './favorite.ts';
import type { FavoritesStore } from './favorites-store.ts';
import { toDatabaseError } from './to-database-error.ts';
import type { MeasuringClock } from './write-proof.ts';

/** The favorites as they were last read, or why they could not be. */
export type RecentList =
  | { readonly favorites: readonly Favorite[] }
  | { readonly error: PaddockError };

/** The store as the catalog sees it: asked at most once a second, and never waited for long. */
export interface RecentFavorites {
  /** The favorites as they were read a moment ago, or are read now. */
  read(background: (work: Promise<void>) => void): Promise<RecentList>;
  /** Forgets what was read: to be called after every write of this process. */
  forget(): void;
}

/** What other processes write is seen after this many milliseconds at most, where the database answers at once. */
const FRESH_MS = 1000;

/** How long a reader waits for the database, in milliseconds. */
const PATIENCE_MS = 300;

/** How long it waits where this process has just written: what was known is wrong, and the database does answer. */
const PATIENCE_AFTER_WRITE_MS = 800;

/** How long favorites are shown, and another reading waited for, while the database does not answer, in milliseconds. */
const STALE_MS = 6000;

interface Known {
  readonly list: RecentList;
  /** When it came, and when it was asked for. */
  readonly at: number;
  readonly askedAt: number;
}

/** When the store was asked, and after how many writes of this process. */
interface Asked {
  readonly at: number;
  readonly writes: number;
}

/**
 * Makes the view of a store. Callers share values and never a promise: on workerd a promise belongs to the
 * request that made it.
 */
export function createRecentFavorites(options: {
  store: Pick<FavoritesStore, 'list'>;
  clock: MeasuringClock;
  /** Told when the favorites become unavailable. */
  report: (error: PaddockError) => void;
}): RecentFavorites {
  const { store, clock, report } = options;
  let known: Known | null = null;
  let readingSince = Number.NEGATIVE_INFINITY;
  let writes = 0;

  /** Keeps what was read, however late it comes, unless something newer is known, or a write since then made it old. */
  function keep(list: RecentList, asked: Asked): RecentList {
    if (asked.writes !== writes || asked.at < (known?.askedAt ?? asked.at)) return list;
    if ('error' in list && !(known !== null && 'error' in known.list)) report(list.error);
    // The same value for the same list, so that what was made of it need not be made again.
    const kept = known !== null && isSame(known.list, list) ? known.list : list;
    known = { list: kept, at: clock.monotonic(), askedAt: asked.at };
    return kept;
  }

  async function reload(background: (work: Promise<void>) => void): Promise<RecentList> {
    const asked = { at: clock.monotonic(), writes };
    const patienceMs = known === null && writes > 0 ? PATIENCE_AFTER_WRITE_MS : PATIENCE_MS;
    readingSince = asked.at;
    const loading = load(store).then((list) => {
      if (readingSince === asked.at) readingSince = Number.NEGATIVE_INFINITY;
      return keep(list, asked);
    });
    background(loading.then(() => undefined));
    const inTime = await Promise.race([loading, clock.sleep(patienceMs)]);
    if (inTime !== undefined) return inTime;
    // A database that is only slow answers a little later: until then what it said last is better than nothing.
    if (known !== null && 'favorites' in known.list && asked.at - known.at < STALE_MS) {
      return known.list;
    }
    return keep({ error: toDatabaseError(new Error(`No answer within ${patienceMs} ms`)) }, asked);
  }

  return {
    async read(background) {
      if (known === null) return reload(background);
      const now = clock.monotonic();
      const isFresh = now - known.at < FRESH_MS;
      // A reading that takes longer has died with the request that ran it.
      const isBeingRead = now - readingSince < STALE_MS;
      return isFresh || isBeingRead ? known.list : reload(background);
    },
    forget() {
      known = null;
      writes += 1;
    },
  };
}

function load(store: Pick<FavoritesStore, 'list'>): Promise<RecentList> {
  return store.list().then(
    (favorites) => ({ favorites }),
    (error: unknown) => ({ error: toDatabaseError(error) }),
  );
}

function isSame(a: RecentList, b: RecentList): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b;
  return (
    a.favorites.length === b.favorites.length &&
    a.favorites.every(({ id, createdAt }, index) => {
      const other = b.favorites[index];
      return id === other?.id && createdAt === other.createdAt;
    })
  );
}
