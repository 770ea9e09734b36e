import { migrate as apply } from '../../database/migrate.ts';
import { parseSettings } from '../../registry/settings.ts';
import { DEFAULT_DATABASE_URL, openDatabase, readMigrations } from '../../runtime/database.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../program.ts';

/** Prepares a database before a deploy to Workers, which cannot do so by itself. */
export async function migrate({ terminal }: CommandContext): Promise<void> {
  const { database } = parseSettings(readEnvironment());
  const url = database.url ?? DEFAULT_DATABASE_URL;
  const applying = apply(openDatabase({ ...database, url }), readMigrations()).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `The migrations were not applied (${reason}): check LIBSQL_URL and LIBSQL_AUTH_TOKEN.`;
      throw new CommandError(message, EXIT.unreachable);
    },
  );
  const names = (await applying).map((name) => `Applied ${name}`);
  terminal.print(names.length > 0 ? names.join('\n') : 'Every migration was applied before.');
}
