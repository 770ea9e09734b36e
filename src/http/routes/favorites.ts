import { Hono, type Context, type Env } from 'hono';
import * as v from 'valibot';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { PaddockError, toOpenAiError } from '../../errors.ts';
import { MAX_FAVORITES, type FavoritesStore } from '../../favorites/favorites-store.ts';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import type { RecentFavorites } from '../../favorites/recent-favorites.ts';
import type { Settings } from '../../settings/settings.ts';
import { modelIdSchema } from '../../resolve/id-schemas.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import { declareAnswer, named, namedObject, type ValueOf } from '../../schema.ts';
import { toBackground } from '../background.ts';
import {
  bodyErrors,
  describe,
  documentAnswers,
  ID_SEGMENT,
  idErrors,
  jsonAnswer,
} from '../openapi/describe.ts';
import { sendDocument } from '../documents.ts';
import {
  favoriteAnswer,
  favoritesAnswer,
  toFavoritesAnswer,
  type FavoritesDocument,
} from './favorites-document.ts';
import { readJsonBody, validateJson, type JsonInput } from '../json-body.ts';
import { errorEntries } from '../openapi/error-schemas.ts';
import { ownHeaders } from '../openapi/headers.ts';
import type { ResolveNoted } from '../note-bare-id.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import { readPathId } from './read-path-id.ts';

const TAG = 'favorites';
const PATH = '/api/favorites';
const ID_PATH = `${PATH}/${ID_SEGMENT}` as const;
const FULL = `The limit of ${MAX_FAVORITES} favorites is reached: remove one first.`;
const OTHER_SET =
  'The IDs differ from the current favorites: send each ID of "favorites" exactly once, in the new order.';
const database = ['database_unavailable'] as const;

/** The body of `PUT /api/favorites`. */
export const orderSchema = named(
  'FavoritesOrder',
  v.pipe(
    v.object(
      { ids: v.array(modelIdSchema, 'expected an array of model IDs') },
      'expected an object {"ids": [...]}',
    ),
    v.metadata({ examples: [{ ids: ['sam-desktop/qwen3.6-27b', 'lab-server/gpt-oss-120b'] }] }),
  ),
);

/** The answer to an order that does not match the current favorites. It holds them next to the error. */
export const conflictAnswer = declareAnswer(
  namedObject('FavoritesConflict', { ...errorEntries, ...favoritesAnswer.schema.entries }),
  {
    ...favoritesAnswer.example,
    ...toOpenAiError(new PaddockError('conflict', OTHER_SET, { param: 'ids' })),
  },
);

/** Creates the routes for the favorites, which all clients share. */
export function favoritesRoutes(options: {
  settings: Settings;
  snapshots: SnapshotSource;
  store: FavoritesStore;
  recentFavorites: RecentFavorites;
  favoritesDocument: FavoritesDocument;
  bodyLimits: BodyLimits;
  resolveNoted: ResolveNoted;
}) {
  const { settings, snapshots, store, recentFavorites, favoritesDocument, bodyLimits } = options;
  const { resolveNoted } = options;
  const { registry } = settings;

  /** A stored ID is taken literally, so that favorites of removed providers can be named; other text is resolved. */
  async function readFavoriteId(c: Context): Promise<string> {
    const text = readPathId(c, `${PATH}/`);
    const stored = await store.list();
    return stored.some(({ id }) => id === text) ? text : resolveNoted(c, text).id;
  }

  /** Returns the last snapshot, or null without providers. A write never waits for a provider. */
  const peek = (c: Context) =>
    registry.providers.size === 0 ? null : snapshots.peek(toBackground(c));

  return new Hono()
    .get(
      PATH,
      describe(
        {
          tag: TAG,
          summary: 'The favorites in order, including hidden ones',
          answers: documentAnswers('The favorites', favoritesAnswer),
          errors: database,
        },
        async (c) => {
          const read = { refresh: false, background: toBackground(c) };
          const [snapshot, favorites] = await Promise.all([
            registry.providers.size === 0 ? null : snapshots.read(read),
            store.list(),
          ]);
          const document = await favoritesDocument({ favorites, snapshot });
          return sendDocument<ValueOf<typeof favoritesAnswer>>(c, document);
        },
      ),
    )
    .put(
      PATH,
      readJsonBody(bodyLimits),
      validateJson(orderSchema),
      describe(
        {
          tag: TAG,
          summary: 'Reorders the favorites',
          answers: {
            200: jsonAnswer('The favorites in their new order', favoritesAnswer),
            409: jsonAnswer('`conflict`, with the current favorites', conflictAnswer),
          },
          errors: [...database, ...idErrors, ...bodyErrors, 'invalid_request'],
        },
        async (c: Context<Env, string, JsonInput<typeof orderSchema>>) => {
          const stored = new Set((await store.list()).map(({ id }) => id));
          const ids = c.req
            .valid('json')
            .ids.map((id) => (stored.has(id) ? id : requireModel(id, registry).id));
          const { reordered, favorites } = await store.reorder(ids);
          recentFavorites.forget();
          const answer = toFavoritesAnswer({ favorites, snapshot: peek(c) }, registry);
          if (!reordered)
            throw new PaddockError('conflict', OTHER_SET, { fields: answer, param: 'ids' });
          return c.json(answer, 200);
        },
      ),
    )
    .put(
      ID_PATH,
      describe(
        {
          tag: TAG,
          summary: 'Adds a favorite at the end',
          parameters: [PARAMETERS.ModelIdInPath],
          answers: {
            200: jsonAnswer('The model was already a favorite', favoriteAnswer),
            201: jsonAnswer('The favorite was added', favoriteAnswer),
          },
          errors: [...database, ...idErrors, 'conflict'],
        },
        async (c) => {
          const id = await readFavoriteId(c);
          const addition = await store.add(id);
          recentFavorites.forget();
          if (addition.outcome === 'full') throw new PaddockError('conflict', FULL);
          const added = { favorites: [addition.favorite], snapshot: peek(c) };
          const [favorite] = toFavoritesAnswer(added, registry).favorites;
          return c.json(favorite, addition.outcome === 'added' ? 201 : 200);
        },
      ),
    )
    .delete(
      ID_PATH,
      describe(
        {
          tag: TAG,
          summary: 'Removes a favorite',
          parameters: [PARAMETERS.ModelIdInPath],
          answers: {
            204: { description: 'The model is no longer a favorite', headers: ownHeaders },
          },
          errors: [...database, ...idErrors],
        },
        async (c) => {
          await store.remove(await readFavoriteId(c));
          recentFavorites.forget();
          return c.body(null, 204);
        },
      ),
    );
}
