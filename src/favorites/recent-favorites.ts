import type { PaddockError } from '../errors.ts';
import type { Favorite, FavoritesStore } from './favorites-store.ts';
import { toDatabaseError } from './to-database-error.ts';
import type { MeasuringClock } from './write-proof.ts';

/** The favorites as they were last read, or why they could not be. */
export type RecentList =
  | { readonly favorites: readonly Favorite[] }
  | { readonly error: PaddockError };

/** The store as the catalog sees it: asked at most once a second, and never waited for long. */
export interface RecentFavorites {
  /** The favorites; there at once, and no promise, where they were read a moment ago. */
  read(): RecentList | Promise<RecentList>;
  /** Forgets what was read: to be called after every write of this process. */
  forget(): void;
}

/** What other processes write is seen after this many milliseconds at most. */
const FRESH_MS = 1000;

/** How long a reader waits for the database, in milliseconds. */
const PATIENCE_MS = 300;

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
  let known: { list: RecentList; at: number } | null = null;
  let readingSince = Number.NEGATIVE_INFINITY;
  let writes = 0;

  async function reload(): Promise<RecentList> {
    const writesBefore = writes;
    readingSince = clock.monotonic();
    const list = await Promise.race([load(store), giveUp(clock)]);
    readingSince = Number.NEGATIVE_INFINITY;
    // A write since then makes what was read old news: it is right for this caller, and kept for nobody.
    if (writesBefore !== writes) return list;
    if ('error' in list && !(known !== null && 'error' in known.list)) report(list.error);
    // The same value for the same list, so that what was made of it need not be made again.
    const kept = known !== null && isSame(known.list, list) ? known.list : list;
    known = { list: kept, at: clock.monotonic() };
    return kept;
  }

  return {
    read() {
      if (known === null) return reload();
      const now = clock.monotonic();
      const isFresh = now - known.at < FRESH_MS;
      // A reading that outlives its patience has died with the request that ran it.
      const isBeingRead = now - readingSince < 2 * PATIENCE_MS;
      return isFresh || isBeingRead ? known.list : reload();
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

async function giveUp(clock: { sleep(milliseconds: number): Promise<void> }): Promise<RecentList> {
  await clock.sleep(PATIENCE_MS);
  return { error: toDatabaseError(`no answer within ${PATIENCE_MS} ms`) };
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
