import { Hono, type Context } from 'hono';
import type { Clock } from '../../clock.ts';
import type { MergedCatalog } from '../../catalog/merge-catalog.ts';
import type { Background } from '../../catalog/probe-rounds.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import type { RecentFavorites } from '../../favorites/recent-favorites.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Exchange } from '../../telemetry/exchange.ts';
import { toBackground } from '../background.ts';
import { describe, textAnswer } from '../openapi/describe.ts';
import type { ToDocument } from '../documents.ts';
import type { Inflight } from '../inflight.ts';
import type { Access } from '../middleware/require-key.ts';
import { readExchange } from '../middleware/observe.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import { createEventStream } from './event-stream.ts';
import type { FavoritesDocument } from './favorites-document.ts';
import type { StreamEvent } from './pick-events.ts';
import { readTopics, type Topic } from './topics.ts';
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

event:message
data:{"type":"modelStatus","data":"[{\\"id\\":\\"sam-desktop/qwen3.6-27b\\",\\"name\\":\\"Qwen 3.6 27B\\",\\"description\\":\\"\\",\\"state\\":\\"ready\\",\\"unlisted\\":false,\\"peerID\\":\\"\\"}]"}

event:message
data:{"type":"inflight","data":"{\\"operation\\":\\"snapshot\\",\\"requests\\":[]}"}

`;

/** The shortest time between two messages of one type on the topic `llama-swap`, in milliseconds. */
const SPACING_MS = 1000;

type Reader = () => Promise<readonly [name: string, event: StreamEvent][]>;

/** Creates the stream of changes. It makes Paddock probe providers as requests do, and opens no stream of a provider. */
export function eventsRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  view: CatalogView;
  recentFavorites: RecentFavorites;
  catalogDocument: ToDocument<MergedCatalog>;
  favoritesDocument: FavoritesDocument;
  modelStatusDocument: ToDocument<MergedCatalog>;
  inflight: Inflight;
  access: Pick<Access, 'toCaller'>;
  clock: Clock;
  /** The longest duration of one stream, in milliseconds. */
  lifetimeMs: number;
  /** Aborted when streams must end. */
  stopping: AbortSignal | undefined;
}) {
  const { settings, snapshots, view, recentFavorites, clock, lifetimeMs, stopping } = options;
  const { catalogDocument, favoritesDocument, modelStatusDocument } = options;
  const { inflight, access } = options;
  const readCatalog = (background: Background) => view.read({ refresh: false, background });

  /** By topic, the function that creates the reader of its events, with the validators that the routes would answer now. */
  const readers: Record<Topic, (c: Context) => Reader> = {
    catalog(c) {
      const background = toBackground(c);
      return async () => {
        const { etag } = await catalogDocument(await readCatalog(background));
        return [toTagEvent('catalog', etag)];
      };
    },
    favorites(c) {
      const background = toBackground(c);
      return async () => {
        const list = await recentFavorites.read(background);
        if ('error' in list) return [];
        const snapshot = await snapshots.read({ refresh: false, background });
        const { etag } = await favoritesDocument({ favorites: list.favorites, snapshot });
        return [toTagEvent('favorites', etag)];
      };
    },
    'llama-swap'(c) {
      const background = toBackground(c);
      const { isAdmin } = access.toCaller(c);
      const { client } = readExchange(c);
      const isVisible = (exchange: Exchange) =>
        isAdmin || (client !== null && exchange.client === client);
      return async () => {
        const { etag, body } = await modelStatusDocument(await readCatalog(background));
        return [
          ['modelStatus', { validator: etag, frame: body, spacingMs: SPACING_MS }],
          ['inflight', toInflightEvent(inflight.list(isVisible))],
        ];
      };
    },
  };

  return new Hono().get(
    '/api/events',
    describe(
      {
        tag: 'catalog',
        summary:
          'Server-sent events when the catalog, the favorites, or the states of models and requests change',
        parameters: [PARAMETERS.Topics],
        answers: {
          200: textAnswer(
            'Events of the topics: `catalog` with the `ETag` of `GET /api/models`, `favorites` with the `ETag` of `GET /api/favorites`, and for `llama-swap` the messages `modelStatus` and `inflight` of llama-swap, at most one of each per second. All are sent at once, and again after each change.',
            { type: 'text/event-stream', example: EXAMPLE },
          ),
        },
        errors: ['no_providers', 'invalid_request'],
      },
      (c) => {
        requireProviders(settings);
        const topics = readTopics(c.req.queries('topics') ?? []);
        const reading = [...topics].map((topic) => readers[topic](c));
        const events = createEventStream({
          readEvents: async () => {
            const read = await Promise.all(reading.map((reader) => reader()));
            return new Map(read.flat());
          },
          clock,
          lifetimeMs,
          shouldEnd: () => stopping?.aborted === true,
        });
        return new Response(events, { headers: HEADERS });
      },
    ),
  );
}

function toTagEvent(name: string, validator: string): [string, StreamEvent] {
  return [name, { validator, frame: `event: ${name}\ndata: ${validator}\n\n` }];
}

/** Returns llama-swap's message about the requests in flight: always a snapshot, because changes may come faster. */
function toInflightEvent(requests: ReturnType<Inflight['list']>): StreamEvent {
  const data = JSON.stringify({ operation: 'snapshot', requests });
  return {
    validator: requests.map(({ id }) => id).join(),
    frame: `event:message\ndata:${JSON.stringify({ type: 'inflight', data })}\n\n`,
    spacingMs: SPACING_MS,
  };
}
