import { migrate as apply } from '../../database/migrate.ts';
import { parseSettings } from '../../settings/settings.ts';
import { DEFAULT_DATABASE_URL, openDatabase, readMigrations } from '../../runtime/database.ts';
import { readSecretFiles } from '../../runtime/secret-files.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../command-context.ts';

/** Migrates a database before a deployment to Workers, which cannot migrate it themselves. */
export async function migrate({ terminal }: CommandContext): Promise<void> {
  const { environment, faults } = readSecretFiles(process.env);
  const { database } = parseSettings(environment, { faults });
  const url = database.url ?? DEFAULT_DATABASE_URL;
  const applying = apply(openDatabase({ ...database, url }), readMigrations()).catch(
    (error: unknown) => {
      const message = `The migrations were not applied (${toReason(error)}): check LIBSQL_URL and LIBSQL_AUTH_TOKEN.`;
      throw new CommandError(message, EXIT.unreachable);
    },
  );
  const names = await terminal.during('Migrating the database', applying);
  const text = names.map((name) => `Applied ${name}`);
  terminal.print(text.length > 0 ? text.join('\n') : 'All migrations are already applied.');
}

/** Returns the message of the database or the network, without credentials in its addresses. */
function toReason(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const { code } = Object(cause) as { code?: unknown };
  const text = typeof code === 'string' ? `${message}, ${code}` : message;
  return text.replace(/\/\/[^\s/]*@/gu, '//').replace(/(:\/\/[^\s?]*)\?\S*/gu, '$1');
}
