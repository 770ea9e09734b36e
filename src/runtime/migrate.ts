import { migrate } from '../database/migrate.ts';
import { SettingsError } from '../registry/fault.ts';
import { parseSettings } from '../registry/settings.ts';
import { DEFAULT_DATABASE_URL, openDatabase, readMigrations } from './database.ts';
import { readEnvironment } from './environment.ts';

// The command that prepares a database before a deploy to Workers, which cannot do so by itself.
try {
  const { database } = parseSettings(readEnvironment());
  const url = database.url ?? DEFAULT_DATABASE_URL;
  const applied = await migrate(openDatabase({ ...database, url }), readMigrations());
  const names = applied.map((name) => `Applied ${name}`);
  console.log(names.length > 0 ? names.join('\n') : 'Every migration was applied before.');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  const isSettings = error instanceof SettingsError;
  console.error(isSettings ? reason : `The migrations were not applied: ${reason}`);
  process.exitCode = 1;
}
