import * as v from 'valibot';
import { KEY_OF_ENVIRONMENT } from '../catalog/opencode-config.ts';

// The answers' shapes, for the OpenAPI document and for typed clients.

const fault = v.object({ code: v.string(), message: v.string() });

const model = v.object({
  id: v.string(),
  provider: v.string(),
  model: v.string(),
  name: v.string(),
  description: v.nullable(v.string()),
  kind: v.picklist(['model', 'alias', 'selector', 'profile', 'peer']),
  peer: v.nullable(v.string()),
  favorite: v.boolean(),
  state: v.picklist(['ready', 'starting', 'stopping', 'stopped', 'unknown']),
  contextWindow: v.nullable(v.pipe(v.number(), v.integer())),
  contextSource: v.picklist(['declared', 'loaded', 'learned', 'configured', 'static', 'unknown']),
  aliases: v.array(v.string()),
  capabilities: v.array(v.string()),
  modalities: v.object({ input: v.array(v.string()), output: v.array(v.string()) }),
  alsoOn: v.array(v.string()),
});

const providerEntries = {
  name: v.string(),
  label: v.string(),
  kind: v.picklist(['llama-swap', 'openai', 'deepseek']),
  default: v.boolean(),
  sidecar: v.boolean(),
  status: v.picklist(['online', 'offline', 'unauthorized', 'invalid']),
  error: v.nullable(fault),
  checkedAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  lastSeenAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
  latencyMs: v.nullable(v.pipe(v.number(), v.integer())),
};

/** `GET /api/models`. */
export const catalogSchema = v.object({
  generatedAt: v.pipe(v.string(), v.isoTimestamp()),
  defaultModel: v.nullable(v.object({ id: v.string(), available: v.boolean() })),
  favorites: v.array(model),
  hiddenFavorites: v.pipe(v.number(), v.integer()),
  favoritesError: v.optional(fault),
  demo: v.optional(v.literal(true)),
  providers: v.array(v.object({ ...providerEntries, models: v.array(model) })),
});

/** `GET /api/providers`. */
export const providersSchema = v.object({
  providers: v.array(v.object({ ...providerEntries, modelCount: v.pipe(v.number(), v.integer()) })),
});

/** `GET /v1/models/{id}`. */
export const openAiModelSchema = v.object({
  id: v.string(),
  object: v.literal('model'),
  created: v.literal(0),
  owned_by: v.string(),
  context_length: v.optional(v.pipe(v.number(), v.integer())),
});

/** `GET /v1/models`. */
export const openAiListSchema = v.object({
  object: v.literal('list'),
  data: v.array(openAiModelSchema),
});

const context = {
  id: v.string(),
  contextWindow: model.entries.contextWindow,
  contextSource: model.entries.contextSource,
};

/** `GET /api/context`. */
export const contextSchema = v.object(context);

/** `GET /api/resolve`. */
export const resolutionSchema = v.object({
  ...context,
  provider: v.string(),
  model: v.string(),
  kind: providerEntries.kind,
  via: v.picklist(['composite', 'bare', 'alias']),
  upstream: v.object({ inference: v.string(), management: v.string() }),
  available: v.nullable(v.boolean()),
  drift: v.optional(v.literal(true)),
});

/** `GET /api/roles`. */
export const rolesSchema = v.object({
  roles: v.object({
    default: v.nullable(resolutionSchema),
    task: v.nullable(resolutionSchema),
    compaction: v.nullable(resolutionSchema),
    arena: v.array(resolutionSchema),
  }),
});

/** One favorite, as every favorites route answers it. */
export const favoriteSchema = v.object({
  id: v.string(),
  position: v.pipe(v.number(), v.integer()),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  available: v.nullable(v.boolean()),
});

/** `GET /api/favorites`, and what a new order is answered with. */
export const favoritesSchema = v.object({ favorites: v.array(favoriteSchema) });

/** The body of `PUT /api/favorites`. */
export const orderSchema = v.pipe(
  v.object(
    { ids: v.array(v.string('expected strings'), 'expected an array of model IDs') },
    'expected an object {"ids": [...]}',
  ),
  v.metadata({ examples: [{ ids: ['sam-desktop/qwen3.6-27b', 'lab-server/gpt-oss-120b'] }] }),
);

const opencodeModel = v.object({
  name: v.string(),
  attachment: v.optional(v.literal(true)),
  modalities: v.optional(v.object({ input: v.array(v.string()), output: v.array(v.string()) })),
  limit: v.optional(
    v.object({ context: v.number(), input: v.optional(v.number()), output: v.number() }),
  ),
});

/** `GET /api/opencode.json`. */
export const opencodeSchema = v.object({
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
});

const modelToUnload = v.string('expected a string');

/** The body of `POST /api/providers/{name}/unload`. A misspelt field must not unload everything. */
export const unloadSchema = v.pipe(
  v.strictObject(
    { model: v.optional(modelToUnload) },
    'expected an object {"model": "..."} without other fields, or no body',
  ),
  v.metadata({ examples: [{ model: 'qwen3.6-27b' }] }),
);

/** The body of `POST /api/unload`. */
export const unloadByIdSchema = v.pipe(
  v.strictObject(
    { model: modelToUnload },
    'expected an object {"model": "provider/model"} without other fields',
  ),
  v.metadata({ examples: [{ model: 'sam-desktop/qwen3.6-27b' }] }),
);

/** What was unloaded: one model, by the provider's own name for it, or all. */
export const unloadedSchema = v.object({ provider: v.string(), model: v.nullable(v.string()) });

/** `GET /api/providers/{name}/running`: the host's own shape. */
export const runningSchema = v.looseObject({ running: v.array(v.looseObject({})) });

/** `GET /api/doctor`. */
export const doctorSchema = v.object({
  ok: v.boolean(),
  findings: v.array(
    v.object({
      level: v.picklist(['fault', 'warning', 'note']),
      subject: v.string(),
      code: v.string(),
      message: v.string(),
    }),
  ),
  hosts: v.array(
    v.object({
      ...v.omit(v.object(providerEntries), ['error']).entries,
      modelCount: v.pipe(v.number(), v.integer()),
      release: v.nullable(v.string()),
    }),
  ),
});

/** `GET /health` and `GET /ready`. */
export const okSchema = v.object({ status: v.literal('ok') });

/** An error of Paddock's own. */
export const errorSchema = v.object({
  src: v.literal('paddock'),
  error: v.object({
    message: v.string(),
    type: v.string(),
    param: v.nullable(v.string()),
    code: v.string(),
  }),
});

/** The same on Anthropic's routes. */
export const anthropicErrorSchema = v.object({
  type: v.literal('error'),
  src: v.literal('paddock'),
  error: v.object({ type: v.string(), message: v.string() }),
});

/** An error of `PUT /api/favorites`: beside a conflict stand the favorites that there are. */
export const orderErrorSchema = v.object({
  ...errorSchema.entries,
  favorites: v.optional(favoritesSchema.entries.favorites),
});
