import * as v from 'valibot';
import { declareAnswer, namedObject, type Infer } from '../schema.ts';
import { modalitiesSchema } from '../registry/provider-models.ts';
import { modelExample } from './model.ts';

/** A reference that opencode replaces by the variable's value, so that the file contains no key. */
export const KEY_OF_ENVIRONMENT = '{env:PADDOCK_API_KEY}';

/** The token limits that opencode uses for a model with a known context window. */
const limitSchema = v.object({
  context: v.number(),
  input: v.optional(v.number()),
  output: v.number(),
});

const modelSchema = namedObject('OpencodeModel', {
  name: v.string(),
  attachment: v.optional(v.literal(true)),
  modalities: v.optional(modalitiesSchema),
  limit: v.optional(limitSchema),
});

const configSchema = namedObject('OpencodeConfig', {
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
      /** The models by composite ID, favorites first. */
      models: v.record(v.string(), modelSchema),
    }),
  }),
  model: v.optional(v.string()),
  small_model: v.optional(v.string()),
});

/** The limits of a model in an opencode configuration. */
export type OpencodeLimit = Infer<typeof limitSchema>;

/** A model in an opencode configuration. */
export type OpencodeModel = Infer<typeof modelSchema>;

/** An opencode configuration that contains only Paddock and its models. */
export type OpencodeConfig = Infer<typeof configSchema>;

/** `GET /api/opencode.json`. */
export const opencodeAnswer = declareAnswer(configSchema, {
  $schema: 'https://opencode.ai/config.json',
  provider: {
    paddock: {
      npm: '@ai-sdk/openai-compatible',
      name: 'Paddock',
      options: { baseURL: 'http://127.0.0.1:8400/v1', headerTimeout: false },
      models: {
        [modelExample.id]: {
          name: "Qwen 3.6 27B (Sam's desktop)",
          limit: { context: 65536, output: 14384 },
        },
      },
    },
  },
  model: `paddock/${modelExample.id}`,
  small_model: `paddock/${modelExample.id}`,
});
