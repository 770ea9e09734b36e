// favorites/ stores the favorite models, by canonical composite ID, in the user's order. It does not know which providers
// exist or are online: the code that shows favorites hides those that are unavailable.

import type { Clock } from '../clock.ts';
import type { Database, Row, Statement } from '../database/database.ts';
import type { PaddockError } from '../errors.ts';
import type { Favorite } from './favorite.ts';
import { toDatabaseError } from './to-database-error.ts';
import { createWriteProof } from './write-proof.ts';

/** The maximum number of favorites. */
export const MAX_FAVORITES = 1000;

type Addition =
  | { readonly outcome: 'added' | 'present'; readonly favorite: Favorite }
  | { readonly outcome: 'full' };

/** Stores the favorites. */
export type FavoritesStore = ReturnType<typeof createFavoritesStore>;

const LIST: Statement = {
  sql: 'SELECT id, created_at FROM favorites ORDER BY position, created_at, id',
};

const COUNT: Statement = { sql: 'SELECT count(*) FROM favorites' };

// One statement, so that no other write can occur between the check of the set and the change.
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

/** SQLite's default page cache, in bytes. */
const CACHE_BYTES = 2_000_000;

/**
 * Returns a script that adds a favorite and rolls it back. The favorite is larger than the page cache, so that it reaches
 * the disk, which may be full. Its ID is longer than any other; the table and the index both store it, and each byte
 * takes two hexadecimal digits.
 */
function toAttempt(cacheBytes = CACHE_BYTES): string {
  const bytes = Math.ceil((1.2 * cacheBytes) / 4);
  return `
    BEGIN IMMEDIATE;
    INSERT INTO favorites (id, position, created_at) VALUES (hex(zeroblob(${bytes})), 0, '');
    ROLLBACK;`;
}

/** Creates the store. Calls may reject with `database_unavailable`, or `internal_error` for a rejected statement. */
export function createFavoritesStore(options: {
  database: Database;
  clock: Pick<Clock, 'monotonic' | 'sleep' | 'wall'>;
}) {
  const { clock } = options;
  const proof = createWriteProof({
    attempt: () => options.database.script(toAttempt(options.database.cacheBytes)),
    clock,
  });
  const database = withDatabaseErrors(options.database, proof.note);
  return {
    async list(): Promise<readonly Favorite[]> {
      return toFavorites(await database.read(LIST));
    },
    /** Adds a missing favorite at the end. Once this resolves, the favorite survives a crash of the process. */
    async add(id: string): Promise<Addition> {
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
    async remove(id: string): Promise<void> {
      await database.write([{ sql: 'DELETE FROM favorites WHERE id = ?', args: [id] }]);
    },
    /** Reorders the favorites if `ids` is the same set; any other set changes nothing. Returns the resulting list. */
    async reorder(
      ids: readonly string[],
    ): Promise<{ reordered: boolean; favorites: readonly Favorite[] }> {
      const [, rows = []] = await database.write([
        { sql: REORDER, args: [JSON.stringify(ids)] },
        LIST,
      ]);
      const favorites = toFavorites(rows);
      const reordered =
        favorites.length === ids.length && favorites.every(({ id }, index) => id === ids[index]);
      return { reordered, favorites };
    },
    /** Rejects if Paddock cannot list favorites or store another one now. */
    async check(): Promise<void> {
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

function withDatabaseErrors(
  { read, write }: Database,
  noteWriteFault: (fault: PaddockError) => void,
): Pick<Database, 'read' | 'write'> {
  const rethrow = (cause: unknown) => Promise.reject(toDatabaseError(cause));
  return {
    read: (statement) => read(statement).catch(rethrow),
    write: (statements) =>
      write(statements).catch((cause: unknown) => {
        const fault = toDatabaseError(cause);
        noteWriteFault(fault);
        throw fault;
      }),
  };
}
