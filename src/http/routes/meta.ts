import { Hono, type MiddlewareHandler } from 'hono';
import * as v from 'valibot';
import type { Database } from '../../database/database.ts';
import { toDatabaseError, UNAVAILABLE_MESSAGE } from '../../favorites/favorites-store.ts';
import type { Settings } from '../../registry/settings.ts';
import { NO_PROVIDERS_MESSAGE } from '../../resolve/resolve-model.ts';
import { describe, jsonAnswer } from '../describe.ts';
import { requireProviders } from '../view.ts';

const statusSchema = v.object({ status: v.literal('ok') });
const ok = { status: 'ok' } as const;

/** The reference page runs its own scripts and styles alone; Swagger UI writes style attributes and data: images. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** How Paddock itself is, and its reference page. */
export function metaRoutes(options: {
  settings: Settings;
  database: Database;
  assets: MiddlewareHandler;
}) {
  const { settings, database, assets } = options;
  return new Hono()
    .get(
      '/health',
      describe(
        {
          tag: 'meta',
          summary: 'Whether the process lives',
          answers: { 200: jsonAnswer('It does', { schema: statusSchema, example: ok }) },
        },
        (c) => c.json(ok, 200),
      ),
    )
    .get(
      '/ready',
      describe(
        {
          tag: 'meta',
          summary: 'Whether the settings and the database serve',
          answers: { 200: jsonAnswer('They do', { schema: statusSchema, example: ok }) },
          errors: {
            no_providers: NO_PROVIDERS_MESSAGE,
            database_unavailable: UNAVAILABLE_MESSAGE,
          },
        },
        async (c) => {
          requireProviders(settings);
          await database.read({ sql: 'SELECT count(*) FROM favorites' }).catch((cause: unknown) => {
            throw toDatabaseError(cause);
          });
          return c.json(ok, 200);
        },
      ),
    )
    .get('/', assets)
    .get('/console/*', assets)
    .get('/picker.js', assets)
    .use('/docs/*', async (c, next) => {
      await next();
      c.header('content-security-policy', DOCS_POLICY);
    })
    .get('/docs', assets)
    .get('/docs/', (c) => c.redirect('/docs'))
    .get('/docs/:file', assets);
}
