import type { Database } from './database.ts';

/** One file of `migrations/`. */
export interface Migration {
  /** The file's name, `NNNN_name.sql`. */
  readonly name: string;
  readonly sql: string;
}

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations (
  name TEXT PRIMARY KEY NOT NULL,
  applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT`;

const FIND_RECORD =
  "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'";

/** Finds the migrations that the database lacks, in the order of their names. Changes nothing. */
export async function findPending(
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const inOrder = migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if ((await database.read({ sql: FIND_RECORD })).length === 0) return inOrder;
  const rows = await database.read({ sql: 'SELECT name FROM schema_migrations' });
  const applied = new Set(rows.map(({ name }) => name));
  return inOrder.filter(({ name }) => !applied.has(name));
}

/**
 * Applies the pending migrations, each in a transaction that records it. Two processes may do so at once. If none is
 * pending, the database is only read, so that it may be read-only.
 * @returns the names of the applied migrations
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const pending = await findPending(database, migrations);
  if (pending.length > 0) await database.write([{ sql: RECORD }]);
  const applied: string[] = [];
  for (const migration of pending) {
    if (await apply(database, migration)) applied.push(migration.name);
  }
  return applied;
}

async function apply(database: Database, migration: Migration): Promise<boolean> {
  const { name, sql } = migration;
  if (!/^\d{4}_[a-z0-9_]+\.sql$/u.test(name)) {
    throw new Error(`Expected a migration named NNNN_name.sql but found ${name}`);
  }
  try {
    // Insert the record first: if another process has applied the migration, the insert fails before anything changes.
    await database.script(
      `BEGIN IMMEDIATE;\nINSERT INTO schema_migrations (name) VALUES ('${name}');\n${sql}\nCOMMIT;`,
    );
    return true;
  } catch (error) {
    if ((await findPending(database, [migration])).length === 0) return false;
    throw error;
  }
}
