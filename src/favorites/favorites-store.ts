// favorites/ keeps which models are favorites, by canonical composite ID, in their owner's order.
// It knows neither providers nor what is online: hiding is for whoever shows them.

import type { Database, Row, Statement } from '../database/database.ts';
import { PaddockError } from '../errors.ts';

/** How many favorites there can be. */
export const MAX_FAVORITES = 1000;

/** One favorite. */
export interface Favorite {
  /** The canonical composite ID. */
  readonly id: string;
  /** Its place in the order, from 0 without gaps. */
  readonly position: number;
  /** When it was added, in ISO 8601. */
  readonly createdAt: string;
}

/** What became of an addition. */
type Addition =
  | { readonly outcome: 'added' | 'present'; readonly favorite: Favorite }
  | { readonly outcome: 'full' };

/** The stored favorites. Every call may reject with `database_unavailable`. */
export interface FavoritesStore {
  list(): Promise<readonly Favorite[]>;
  /** Adds at the end what is not there yet. Once this answers, the favorite survives whatever happens to the process. */
  add(id: string): Promise<Addition>;
  remove(id: string): Promise<void>;
  /** Puts the same set into a new order; any other set changes nothing. Answers the list as it then is. */
  reorder(ids: readonly string[]): Promise<{ reordered: boolean; favorites: readonly Favorite[] }>;
}

const LIST: Statement = {
  sql: 'SELECT id, created_at FROM favorites ORDER BY position, created_at, id',
};

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

/** Makes the store over a database that has its migrations. */
export function createFavoritesStore(options: {
  database: Database;
  /** Milliseconds since 1970. */
  now: () => number;
}): FavoritesStore {
  const { now } = options;
  const database = withOneError(options.database);
  return {
    async list() {
      return toFavorites(await database.read(LIST));
    },
    async add(id) {
      const [before = [], , after = []] = await database.write([
        { sql: 'SELECT 1 FROM favorites WHERE id = ?', args: [id] },
        { sql: ADD, args: [id, new Date(now()).toISOString()] },
        LIST,
      ]);
      const favorite = toFavorites(after).find((candidate) => candidate.id === id);
      if (favorite === undefined) return { outcome: 'full' };
      return { outcome: before.length > 0 ? 'present' : 'added', favorite };
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
  };
}

function toFavorites(rows: readonly Row[]): Favorite[] {
  return rows.map((row, position) => ({
    id: String(row['id']),
    position,
    createdAt: String(row['created_at']),
  }));
}

function withOneError({ read, write }: Database): Pick<Database, 'read' | 'write'> {
  const fail = (cause: unknown): never => {
    throw toDatabaseError(cause);
  };
  return {
    read: (statement) => read(statement).catch(fail),
    write: (statements) => write(statements).catch(fail),
  };
}

/** All that a client is told of a database that does not serve. */
export const UNAVAILABLE_MESSAGE =
  'The favorites database does not answer: check LIBSQL_URL and LIBSQL_AUTH_TOKEN, that its migrations were applied, and that no other program holds it. Everything but favorites works on.';

/** The one error for a database that does not serve, with what it said as its cause. */
export function toDatabaseError(cause: unknown): PaddockError {
  if (cause instanceof PaddockError) return cause;
  return new PaddockError('database_unavailable', UNAVAILABLE_MESSAGE, { cause });
}
