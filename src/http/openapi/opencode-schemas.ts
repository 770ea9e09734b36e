import * as v from 'valibot';
import { KEY_OF_ENVIRONMENT } from '../../catalog/opencode-config.ts';
import { named } from './named.ts';

/** What goes into a model, and what comes out. */
export const modalitiesSchema = named(
  'Modalities',
  v.object({ input: v.array(v.string()), output: v.array(v.string()) }),
);

const opencodeModel = named(
  'OpencodeModel',
  v.object({
    name: v.string(),
    attachment: v.optional(v.literal(true)),
    modalities: v.optional(modalitiesSchema),
    limit: v.optional(
      v.object({ context: v.number(), input: v.optional(v.number()), output: v.number() }),
    ),
  }),
);

/** `GET /api/opencode.json`. */
export const opencodeSchema = named(
  'OpencodeConfig',
  v.object({
    $schema: v.string(),
    provider: v.object({
      paddock: v.object({
        npm: v.string(),
        name: v.string(),
        options: v.object({
          baseURL: v.string(),
          apiKey: v.optional(v.literal(KEY_OF_ENVIRONMENT)),
          headerTimeout: v.literal(false),
        }),
        models: v.record(v.string(), opencodeModel),
      }),
    }),
    model: v.optional(v.string()),
    small_model: v.optional(v.string()),
  }),
);
