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

/**
 * Applies, in the order of their names, the migrations that the database has not seen, each in a transaction
 * that records it. Two processes may do so at once.
 * @returns the names of those that were applied
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await database.write([{ sql: RECORD }]);
  const applied: string[] = [];
  for (const migration of migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (await isApplied(database, migration)) continue;
    if (await apply(database, migration)) applied.push(migration.name);
  }
  return applied;
}

async function isApplied(database: Database, { name }: Migration): Promise<boolean> {
  const sql = 'SELECT 1 FROM schema_migrations WHERE name = ?';
  return (await database.read({ sql, args: [name] })).length > 0;
}

async function apply(database: Database, migration: Migration): Promise<boolean> {
  const { name, sql } = migration;
  if (!/^\d{4}_[a-z0-9_]+\.sql$/u.test(name)) {
    throw new Error(`Expected a migration named NNNN_name.sql but found ${name}`);
  }
  try {
    // The record comes first: where another process was quicker, it fails before anything is changed.
    await database.script(
      `BEGIN IMMEDIATE;\nINSERT INTO schema_migrations (name) VALUES ('${name}');\n${sql}\nCOMMIT;`,
    );
    return true;
  } catch (error) {
    if (await isApplied(database, migration)) return false;
    throw error;
  }
}
