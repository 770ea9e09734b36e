import { Hono } from 'hono';
import type { Clock } from '../../clock.ts';
import type { Catalog } from '../../catalog/catalog.ts';
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
  // What compresses on the way would hold events back, and so would nginx's buffer.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

const EXAMPLE = `event: catalog
data: W/"33aa8f6b7d1c93c4bc6a6cb2"

event: favorites
data: W/"d0a6f2c5617c3dd5b3fa1c0e"

`;

/** News of the catalog and of the favorites. Whoever listens counts as asking: hosts are probed as for requests. */
export function eventsRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  view: CatalogView;
  recentFavorites: RecentFavorites;
  catalogDocument: ToDocument<Catalog>;
  favoritesDocument: FavoritesDocument;
  clock: Clock;
  /** How long one stream may last, in milliseconds. */
  lifetimeMs: number;
  /** Aborted when streams are to end. */
  stopping: AbortSignal | undefined;
}) {
  const { settings, snapshots, view, recentFavorites, clock, lifetimeMs, stopping } = options;
  const { catalogDocument, favoritesDocument } = options;

  /** What the two routes would answer now, by the same means. */
  async function look(background: Background): Promise<Validators> {
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
          'Server-sent events: the `ETag` of the catalog and of the favorites when they change',
        answers: {
          200: textAnswer(
            'An event `catalog` with the `ETag` of `GET /api/models` and an event `favorites` with that of `GET /api/favorites`: both at once, and each again when it changes.',
            { type: 'text/event-stream', example: EXAMPLE },
          ),
        },
        errors: ['no_providers'],
      },
      (c) => {
        requireProviders(settings);
        const background = toBackground(c);
        const events = createEventStream({
          look: () => look(background),
          clock,
          lifetimeMs,
          isOver: () => stopping?.aborted === true,
        });
        return new Response(events, { headers: HEADERS });
      },
    ),
  );
}
