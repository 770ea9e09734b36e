// favorites/ keeps which models are favorites, by canonical composite ID, in their owner's order.
// It knows neither providers nor what is online: hiding is for whoever shows them.

import type { Database, Row, Statement } from '../database/database.ts';
import type { PaddockError } from '../errors.ts';
import type { Favorite } from './favorite.ts';
import { toDatabaseError } from './to-database-error.ts';
import { createWriteProof, type MeasuringClock } from './write-proof.ts';

/** How many favorites there can be. */
export const MAX_FAVORITES = 1000;

/** What became of an addition. */
type Addition =
  | { readonly outcome: 'added' | 'present'; readonly favorite: Favorite }
  | { readonly outcome: 'full' };

/** The stored favorites. Every call may reject with `database_unavailable`, or with `internal_error` for a statement that the database does not understand. */
export interface FavoritesStore {
  list(): Promise<readonly Favorite[]>;
  /** Adds at the end what is not there yet. Once this answers, the favorite survives whatever happens to the process. */
  add(id: string): Promise<Addition>;
  remove(id: string): Promise<void>;
  /** Puts the same set into a new order; any other set changes nothing. Answers the list as it then is. */
  reorder(ids: readonly string[]): Promise<{ reordered: boolean; favorites: readonly Favorite[] }>;
  /** Rejects where favorites could not be listed, or one more not be stored, now. */
  check(): Promise<void>;
}

const LIST: Statement = {
  sql: 'SELECT id, created_at FROM favorites ORDER BY position, created_at, id',
};

const COUNT: Statement = { sql: 'SELECT count(*) FROM favorites' };

// One statement, so that nothing can come between the test of the set and the change.
const REORDER = `
  UPDATE favorites
  SET position = (SELECT wanted.key FROM json_each(?1) AS wanted WHERE wanted.value = favorites.id)
  WHERE (SELECT count(*) FROM favorites) = json_array_length(?1)
    AND NOT EXISTS (SELECT 1 FROM favorites AS kept WHERE kept.id NOT IN (SELECT value FROM json_each(?1)))`;

// A `HAVING` without `GROUP BY` would be shorter, but a libSQL server does not parse it.
const ADD = `
  INSERT INTO favorites (id, position, created_at)
  SELECT ?1, (SELECT coalesce(max(position), -1) + 1 FROM favorites), ?2
  WHERE (SELECT count(*) FROM favorites) < ${MAX_FAVORITES}
  ON CONFLICT (id) DO NOTHING`;

/** SQLite's usual page cache, in bytes. */
const CACHE_BYTES = 2_000_000;

/**
 * Adds a favorite and takes it back. It is larger than the page cache, so that it reaches the disk, which may be full:
 * its ID, longer than any other, is stored in the table and in the index, and each byte takes two digits.
 */
function toAttempt(cacheBytes = CACHE_BYTES): string {
  const bytes = Math.ceil((1.2 * cacheBytes) / 4);
  return `
    BEGIN IMMEDIATE;
    INSERT INTO favorites (id, position, created_at) VALUES (hex(zeroblob(${bytes})), 0, '');
    ROLLBACK;`;
}

/** Makes the store over a database that has its migrations. */
export function createFavoritesStore(options: {
  database: Database;
  clock: MeasuringClock & {
    /** Milliseconds since 1970. */
    wall(): number;
  };
}): FavoritesStore {
  const { clock } = options;
  const proof = createWriteProof({
    attempt: () => options.database.script(toAttempt(options.database.cacheBytes)),
    clock,
  });
  const database = withOneError(options.database, proof.note);
  return {
    async list() {
      return toFavorites(await database.read(LIST));
    },
    async add(id) {
      const [before = [], , after = []] = await database.write([
        { sql: 'SELECT 1 FROM favorites WHERE id = ?', args: [id] },
        { sql: ADD, args: [id, new Date(clock.wall()).toISOString()] },
        LIST,
      ]);
      const favorite = toFavorites(after).find((candidate) => candidate.id === id);
      if (favorite === undefined) return { outcome: 'full' };
      if (before.length > 0) return { outcome: 'present', favorite };
      proof.note(null);
      return { outcome: 'added', favorite };
    },
    async remove(id) {
      await database.write([{ sql: 'DELETE FROM favorites WHERE id = ?', args: [id] }]);
    },
    async reorder(ids) {
      const [, rows = []] = await database.write([
        { sql: REORDER, args: [JSON.stringify(ids)] },
        LIST,
      ]);
      const favorites = toFavorites(rows);
      const reordered =
        favorites.length === ids.length && favorites.every(({ id }, index) => id === ids[index]);
      return { reordered, favorites };
    },
    async check() {
      await database.read(COUNT);
      const fault = await proof.findFault();
      if (fault !== null) throw fault;
    },
  };
}

function toFavorites(rows: readonly Row[]): Favorite[] {
  return rows.map((row, position) => ({
    id: String(row['id']),
    position,
    createdAt: String(row['created_at']),
  }));
}

function withOneError(
  { read, write }: Database,
  noteWriteFault: (fault: PaddockError) => void,
): Pick<Database, 'read' | 'write'> {
  return {
    read: (statement) =>
      read(statement).catch((cause: unknown) => {
        throw toDatabaseError(cause);
      }),
    write: (statements) =>
      write(statements).catch((cause: unknown) => {
        const fault = toDatabaseError(cause);
        noteWriteFault(fault);
        throw fault;
      }),
  };
}
