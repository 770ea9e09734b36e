import type { ObjectSchema } from 'valibot';
import { compositeIdSchema } from '../resolve/id-schemas.ts';
import { integer, timestamp, type Infer } from '../schema.ts';

/** What is stored of a favorite. */
export const favoriteEntries = {
  id: compositeIdSchema,
  /** Its place in the order, from 0 without gaps. */
  position: integer,
  /** When it was added. */
  createdAt: timestamp,
};

/** One favorite, as it is stored. */
export type Favorite = Infer<ObjectSchema<typeof favoriteEntries, undefined>>;
