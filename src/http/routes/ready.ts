import { Hono } from 'hono';
import type { Database } from '../../database/database.ts';
import { toDatabaseError } from '../../favorites/favorites-store.ts';
import type { Settings } from '../../registry/settings.ts';
import { describe, jsonAnswer } from '../describe.ts';
import { okExample } from '../examples.ts';
import { okSchema } from '../schemas.ts';
import { requireProviders } from '../view.ts';

/** Whether everything is there that Paddock needs. */
export function readyRoutes({ settings, database }: { settings: Settings; database: Database }) {
  return new Hono().get(
    '/ready',
    describe(
      {
        tag: 'meta',
        summary: 'Whether the settings and the database serve',
        answers: { 200: jsonAnswer('They do', { schema: okSchema, example: okExample }) },
        errors: ['no_providers', 'database_unavailable'],
      },
      async (c) => {
        requireProviders(settings);
        await database.read({ sql: 'SELECT count(*) FROM favorites' }).catch((cause: unknown) => {
          throw toDatabaseError(cause);
        });
        return c.json(okExample, 200);
      },
    ),
  );
}
