import type { ObjectSchema } from 'valibot';
import { compositeIdSchema } from '../resolve/id-schemas.ts';
import { integer, timestamp, type Infer } from '../schema.ts';

/** The stored fields of a favorite. */
export const favoriteEntries = {
  id: compositeIdSchema,
  /** Its position in the order, from 0 without gaps. */
  position: integer,
  /** The time when it was added. */
  createdAt: timestamp,
};

/** A stored favorite. */
export type Favorite = Infer<ObjectSchema<typeof favoriteEntries, undefined>>;
