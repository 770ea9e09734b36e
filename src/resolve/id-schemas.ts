import * as v from 'valibot';
import { MAX_ID_LENGTH } from './composite-id.ts';
import { named } from '../schema.ts';

const NO_CONTROL = '[^\\x00-\\x1f\\x7f-\\x9f]';

/** A model ID as a client writes it. This schema only declares the rules for the document; `resolve/` checks them. */
export const modelIdSchema = named(
  'ModelId',
  v.pipe(
    v.string('expected a string'),
    v.metadata({
      // No `maxLength`: the limit applies to the full form, which can be longer than a bare ID or an alias.
      description: `A composite ID (provider/model), a bare ID or an alias; in its full form at most ${MAX_ID_LENGTH} characters.`,
      minLength: 1,
      pattern: `^${NO_CONTROL}*[^\\s\\x00-\\x1f\\x7f-\\x9f]${NO_CONTROL}*$`,
    }),
  ),
);

/** A model's composite ID, as answers contain it. */
export const compositeIdSchema = named(
  'CompositeId',
  v.pipe(
    v.string(),
    v.metadata({
      description: 'The canonical ID of a model: provider/model.',
      minLength: 3,
      maxLength: MAX_ID_LENGTH,
      pattern: `^[^/\\x00-\\x1f\\x7f-\\x9f]+/${NO_CONTROL}+$`,
    }),
  ),
);

/** The form of all names in the settings: of providers and of keys. */
export const NAME_PATTERN = '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$';

/** The name of a provider. */
export const providerNameSchema = named(
  'ProviderName',
  v.pipe(
    v.string(),
    v.metadata({
      description: 'The name of a provider, as PROVIDERS gives it.',
      pattern: NAME_PATTERN,
    }),
  ),
);
