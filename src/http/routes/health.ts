import { Hono } from 'hono';
import * as v from 'valibot';
import type { FavoritesStore } from '../../favorites/favorites-store.ts';
import { declareAnswer, namedObject } from '../../schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { describe, jsonAnswer } from '../openapi/describe.ts';
import { requireProviders } from '../view.ts';

/** The answer of `GET /health` and `GET /ready`. */
const okAnswer = declareAnswer(namedObject('Ok', { status: v.literal('ok') }), {
  status: 'ok',
});

/** Creates the route that reports that the process is alive. Supervisors use it without a key. */
export function healthRoutes() {
  return new Hono().get(
    '/health',
    describe(
      {
        tag: 'meta',
        summary: 'Whether the process is running',
        answers: { 200: jsonAnswer('The process is running', okAnswer) },
        open: true,
      },
      (c) => c.json(okAnswer.example, 200),
    ),
  );
}

/** Creates the route that reports whether Paddock can serve: providers are set up, and the database accepts writes. */
export function readyRoutes(options: { settings: Settings; store: Pick<FavoritesStore, 'check'> }) {
  const { settings, store } = options;
  return new Hono().get(
    '/ready',
    describe(
      {
        tag: 'meta',
        summary: 'Whether providers are set up and a favorite can be stored',
        answers: { 200: jsonAnswer('Paddock is ready', okAnswer) },
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
