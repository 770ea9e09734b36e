import * as v from 'valibot';
import { isListed } from '../../catalog/find-listed.ts';
import type { Slices } from '../../catalog/slices.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { favoriteEntries, type Favorite } from '../../favorites/favorite.ts';
import type { Registry } from '../../registry/registry.ts';
import { declareAnswer, namedObject, type ValueOf } from '../../schema.ts';
import { createDocument, type ToDocument } from '../documents.ts';

/** A favorite, as every favorites route answers it. */
export const favoriteAnswer = declareAnswer(
  namedObject('Favorite', {
    ...favoriteEntries,
    /** Whether its model is listed now; null if its provider was not probed yet. */
    available: v.nullable(v.boolean()),
  }),
  {
    id: 'sam-desktop/qwen3.6-27b',
    position: 0,
    createdAt: '2026-11-22T09:29:00.000Z',
    available: true,
  },
);

/** The answer of `GET /api/favorites`, and of a new order. */
export const favoritesAnswer = declareAnswer(
  namedObject('Favorites', { favorites: v.array(favoriteAnswer.schema) }),
  { favorites: [favoriteAnswer.example] },
);

/** The favorites, and the last snapshot (null without providers). */
interface SeenFavorites {
  readonly favorites: readonly Favorite[];
  readonly snapshot: Snapshot | null;
}

/** Renders `GET /api/favorites`: one document for the same list and the same snapshot. */
export type FavoritesDocument = ToDocument<SeenFavorites>;

/** Creates the renderer of `GET /api/favorites`. */
export function createFavoritesDocument(registry: Registry, slices: Slices): FavoritesDocument {
  return createDocument({
    slices,
    isSame: (a, b) => a.favorites === b.favorites && a.snapshot === b.snapshot,
    render: (seen) => {
      const body = [JSON.stringify(toFavoritesAnswer(seen, registry))];
      return { body, identity: body };
    },
  });
}

/** Returns the favorites, each with whether its model is listed now. */
export function toFavoritesAnswer(
  { favorites, snapshot }: SeenFavorites,
  registry: Registry,
): ValueOf<typeof favoritesAnswer> {
  return {
    favorites: favorites.map((favorite) => ({
      ...favorite,
      available: isListed(favorite.id, { registry, snapshot }),
    })),
  };
}
