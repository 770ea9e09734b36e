import * as v from 'valibot';
import { MAX_ID_LENGTH } from './composite-id.ts';
import { named } from '../schema.ts';

const NO_CONTROL = '[^\\x00-\\x1f\\x7f-\\x9f]';

/** A model ID as a client writes it. `resolve/` decides what is wrong with one: here its rules are only declared. */
export const modelIdSchema = named(
  'ModelId',
  v.pipe(
    v.string('expected a string'),
    v.metadata({
      // What counts is the length with the provider, which a bare ID or an alias does not show.
      description: `A composite ID (provider/model), a bare ID or an alias; in its full form at most ${MAX_ID_LENGTH} characters.`,
      minLength: 1,
      pattern: `^${NO_CONTROL}*[^\\s\\x00-\\x1f\\x7f-\\x9f]${NO_CONTROL}*$`,
    }),
  ),
);

/** The ID of a model in answers. */
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

/** The form of all names that the settings give: to providers, and to keys. */
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
