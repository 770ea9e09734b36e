import { Hono } from 'hono';
import type { Clock } from '../../clock.ts';
import type { MergedCatalog } from '../../catalog/merge-catalog.ts';
import type { Background } from '../../catalog/probe-rounds.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import type { RecentFavorites } from '../../favorites/recent-favorites.ts';
import type { Settings } from '../../settings/settings.ts';
import { toBackground } from '../background.ts';
import { describe, textAnswer } from '../openapi/describe.ts';
import type { ToDocument } from '../documents.ts';
import { createEventStream } from './event-stream.ts';
import type { FavoritesDocument } from './favorites-document.ts';
import type { Validators } from './pick-events.ts';
import { requireProviders, type CatalogView } from '../view.ts';

const HEADERS = {
  'content-type': 'text/event-stream',
  // A compressing proxy would delay events, and so would nginx's buffer.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

const EXAMPLE = `event: catalog
data: W/"33aa8f6b7d1c93c4bc6a6cb2"

event: favorites
data: W/"d0a6f2c5617c3dd5b3fa1c0e"

`;

/** Creates the stream of changes to the catalog and the favorites. It makes Paddock probe providers as requests do. */
export function eventsRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  view: CatalogView;
  recentFavorites: RecentFavorites;
  catalogDocument: ToDocument<MergedCatalog>;
  favoritesDocument: FavoritesDocument;
  clock: Clock;
  /** The longest duration of one stream, in milliseconds. */
  lifetimeMs: number;
  /** Aborted when streams must end. */
  stopping: AbortSignal | undefined;
}) {
  const { settings, snapshots, view, recentFavorites, clock, lifetimeMs, stopping } = options;
  const { catalogDocument, favoritesDocument } = options;

  /** Returns the validators that the two routes would answer now, from the same documents. */
  async function readValidators(background: Background): Promise<Validators> {
    const request = { refresh: false, background };
    const { etag } = await catalogDocument(await view.read(request));
    const list = await recentFavorites.read(background);
    if ('error' in list) return { catalog: etag, favorites: null };
    const { favorites } = list;
    const document = favoritesDocument({ favorites, snapshot: await snapshots.read(request) });
    return { catalog: etag, favorites: (await document).etag };
  }

  return new Hono().get(
    '/api/events',
    describe(
      {
        tag: 'catalog',
        summary:
          'Server-sent events with the `ETag` of the catalog and of the favorites when they change',
        answers: {
          200: textAnswer(
            'An event `catalog` with the `ETag` of `GET /api/models`, and an event `favorites` with the `ETag` of `GET /api/favorites`. Both are sent at once, and again after each change.',
            { type: 'text/event-stream', example: EXAMPLE },
          ),
        },
        errors: ['no_providers'],
      },
      (c) => {
        requireProviders(settings);
        const background = toBackground(c);
        const events = createEventStream({
          readValidators: () => readValidators(background),
          clock,
          lifetimeMs,
          shouldEnd: () => stopping?.aborted === true,
        });
        return new Response(events, { headers: HEADERS });
      },
    ),
  );
}
