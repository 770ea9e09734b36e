import type { PaddockError } from '../errors.ts';
import type { Favorite } from './favorite.ts';
import type { FavoritesStore } from './favorites-store.ts';
import { toDatabaseError } from './to-database-error.ts';
import type { MeasuringClock } from './write-proof.ts';

/** The favorites that were last read, or the error that prevented it. */
export type RecentList =
  | { readonly favorites: readonly Favorite[] }
  | { readonly error: PaddockError };

/** The catalog's view of the store. */
export type RecentFavorites = ReturnType<typeof createRecentFavorites>;

/** The most time until another process's write is visible, in milliseconds, if the database answers at once. */
const FRESH_MS = 1000;

/** The most time that a reader waits for the database, in milliseconds. */
const PATIENCE_MS = 300;

/** The same after a write of this process, in milliseconds. The cached list is wrong then, and the database answers. */
const PATIENCE_AFTER_WRITE_MS = 800;

/** How long old favorites are shown and a running read is awaited while the database does not answer, in milliseconds. */
const STALE_MS = 6000;

interface Known {
  readonly list: RecentList;
  /** The times when the list arrived and when it was requested. */
  readonly at: number;
  readonly askedAt: number;
}

/** The time of a read, and the number of writes of this process before it. */
interface ReadStart {
  readonly at: number;
  readonly writes: number;
}

/** Creates the view of a store, read at most once a second and with limited waits. Callers share no promises. */
export function createRecentFavorites(options: {
  store: Pick<FavoritesStore, 'list'>;
  clock: MeasuringClock;
  /** Called when the favorites become unavailable. */
  report: (error: PaddockError) => void;
}) {
  const { store, clock, report } = options;
  let known: Known | null = null;
  let readingSince = Number.NEGATIVE_INFINITY;
  let writes = 0;

  /** Stores what was read, even if it arrives late, unless a newer list is known or a later write made it obsolete. */
  function keep(list: RecentList, start: ReadStart): RecentList {
    if (start.writes !== writes || start.at < (known?.askedAt ?? start.at)) return list;
    if ('error' in list && !(known !== null && 'error' in known.list)) report(list.error);
    // Keep the same object for an equal list, so that results derived from it stay valid.
    const kept = known !== null && isSame(known.list, list) ? known.list : list;
    known = { list: kept, at: clock.monotonic(), askedAt: start.at };
    return kept;
  }

  async function reload(background: (work: Promise<void>) => void): Promise<RecentList> {
    const start = { at: clock.monotonic(), writes };
    const patienceMs = known === null && writes > 0 ? PATIENCE_AFTER_WRITE_MS : PATIENCE_MS;
    readingSince = start.at;
    const loading = load(store).then((list) => {
      if (readingSince === start.at) readingSince = Number.NEGATIVE_INFINITY;
      return keep(list, start);
    });
    background(loading.then(() => undefined));
    const inTime = await Promise.race([loading, clock.sleep(patienceMs)]);
    if (inTime !== undefined) return inTime;
    // A slow database answers later. Until then, its last list is better than none.
    if (known !== null && 'favorites' in known.list && start.at - known.at < STALE_MS) {
      return known.list;
    }
    return keep({ error: toDatabaseError(new Error(`No answer within ${patienceMs} ms`)) }, start);
  }

  return {
    /** Returns the favorites that were read a moment ago, or reads them now. */
    async read(background: (work: Promise<void>) => void): Promise<RecentList> {
      if (known === null) return reload(background);
      const now = clock.monotonic();
      const isFresh = now - known.at < FRESH_MS;
      // A read that takes longer is lost, because the request that ran it has ended.
      const isBeingRead = now - readingSince < STALE_MS;
      return isFresh || isBeingRead ? known.list : reload(background);
    },
    /** Discards what was read. Must be called after every write of this process. */
    forget(): void {
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
