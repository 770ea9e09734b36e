import { Hono } from 'hono';
import type { FavoritesStore } from '../../favorites/favorites-store.ts';
import type { Settings } from '../../settings/settings.ts';
import { describe, jsonAnswer } from '../openapi/describe.ts';
import { okAnswer } from './health.ts';
import { requireProviders } from '../view.ts';

/** Creates the route that reports whether Paddock can serve: providers are set up, and the database accepts writes. */
export function readyRoutes(options: { settings: Settings; store: Pick<FavoritesStore, 'check'> }) {
  const { settings, store } = options;
  return new Hono().get(
    '/ready',
    describe(
      {
        tag: 'meta',
        summary: 'Whether the settings serve, and a favorite could be stored',
        answers: { 200: jsonAnswer('They do', okAnswer) },
        errors: ['no_providers', 'database_unavailable'],
      },
      async (c) => {
        requireProviders(settings);
        await store.check();
        return c.json(okAnswer.example, 200);
      },
    ),
  );
}
