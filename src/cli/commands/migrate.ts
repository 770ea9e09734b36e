import { migrate as apply } from '../../database/migrate.ts';
import { parseSettings } from '../../settings/settings.ts';
import { DEFAULT_DATABASE_URL, openDatabase, readMigrations } from '../../runtime/database.ts';
import { readSecretFiles } from '../../runtime/secret-files.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../command-context.ts';

/** Prepares a database before a deploy to Workers, which cannot do so by itself. */
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
  const said = names.map((name) => `Applied ${name}`);
  terminal.print(said.length > 0 ? said.join('\n') : 'Every migration was applied before.');
}

/** What the database or the network says, without the credentials that an address of it may hold. */
function toReason(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const { code } = Object(cause) as { code?: unknown };
  const said = typeof code === 'string' ? `${message}, ${code}` : message;
  return said.replace(/\/\/[^\s/]*@/gu, '//').replace(/(:\/\/[^\s?]*)\?\S*/gu, '$1');
}
