import { isListed } from '../../catalog/find-listed.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Favorite } from '../../favorites/favorites-store.ts';
import type { Registry } from '../../registry/registry.ts';
import { createDocument, type ToDocument } from '../documents.ts';

/** The favorites, and the herd as it was last seen: null where there is none. */
interface SeenFavorites {
  readonly favorites: readonly Favorite[];
  readonly snapshot: Snapshot | null;
}

/** What `GET /api/favorites` answers: one document for all who ask about the same list and the same herd. */
export type FavoritesDocument = ToDocument<SeenFavorites>;

/** Makes that document. */
export function createFavoritesDocument(registry: Registry): FavoritesDocument {
  const toDocument = createDocument((seen: SeenFavorites) => {
    const body = JSON.stringify(toFavoritesAnswer(seen, registry));
    return { body, identity: body };
  });
  let last: SeenFavorites | null = null;
  return (seen) => {
    if (last?.favorites !== seen.favorites || last.snapshot !== seen.snapshot) last = seen;
    return toDocument(last);
  };
}

/** The favorites as they are answered, each with whether its model is listed now. */
export function toFavoritesAnswer({ favorites, snapshot }: SeenFavorites, registry: Registry) {
  return {
    favorites: favorites.map((favorite) => ({
      ...favorite,
      available: isListed(favorite.id, { registry, snapshot }),
    })),
  };
}
