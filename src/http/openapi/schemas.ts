import * as v from 'valibot';
import { KINDS } from '../../registry/kinds/kinds.ts';
import { compositeIdSchema, modelIdSchema, providerNameSchema } from './id-schemas.ts';
import { named } from './named.ts';
import { modalitiesSchema } from './opencode-schemas.ts';

// The shapes of bodies and answers, for the OpenAPI document and for typed clients.

const integer = v.pipe(v.number(), v.integer());
const timestamp = v.pipe(v.string(), v.isoTimestamp());
const fault = named('Fault', v.object({ code: v.string(), message: v.string() }));
const providerKind = named('ProviderKind', v.picklist(KINDS.map(({ name }) => name)));
/** How long a prompt may be, in tokens, and how that is known. */
const windowEntries = {
  contextWindow: v.nullable(integer),
  contextSource: named(
    'ContextSource',
    v.picklist(['declared', 'loaded', 'learned', 'configured', 'static', 'unknown']),
  ),
};

const model = named(
  'Model',
  v.object({
    id: compositeIdSchema,
    provider: providerNameSchema,
    model: v.string(),
    name: v.string(),
    description: v.nullable(v.string()),
    kind: named('ModelKind', v.picklist(['model', 'alias', 'selector', 'profile', 'peer'])),
    peer: v.nullable(v.string()),
    favorite: v.boolean(),
    state: named('ModelState', v.picklist(['ready', 'starting', 'stopping', 'stopped', 'unknown'])),
    ...windowEntries,
    aliases: v.array(v.string()),
    capabilities: v.array(v.string()),
    modalities: modalitiesSchema,
    alsoOn: v.array(compositeIdSchema),
  }),
);

const providerEntries = {
  name: providerNameSchema,
  label: v.string(),
  kind: providerKind,
  default: v.boolean(),
  sidecar: v.boolean(),
  can: named(
    'ProviderCapabilities',
    v.object({
      running: v.pipe(v.boolean(), v.description('Whether it reports which models are loaded')),
      unload: v.pipe(v.boolean(), v.description('Whether it unloads models on request')),
      upstream: v.pipe(
        v.boolean(),
        v.description('Whether `/upstream/{provider}/{model}/` leads to the servers of its models'),
      ),
    }),
  ),
  status: named('ProviderStatus', v.picklist(['online', 'offline', 'unauthorized', 'invalid'])),
  error: v.nullable(fault),
  checkedAt: v.nullable(timestamp),
  lastSeenAt: v.nullable(timestamp),
  latencyMs: v.nullable(integer),
  upstreamPort: v.optional(integer),
};

/** `GET /api/models`. */
export const catalogSchema = named(
  'Catalog',
  v.object({
    generatedAt: timestamp,
    defaultModel: v.nullable(
      named('DefaultModel', v.object({ id: compositeIdSchema, available: v.boolean() })),
    ),
    favorites: v.array(model),
    hiddenFavorites: integer,
    favoritesError: v.optional(fault),
    demo: v.optional(v.literal(true)),
    providers: v.array(
      named('ProviderModels', v.object({ ...providerEntries, models: v.array(model) })),
    ),
  }),
);

/** `GET /api/providers`. */
export const providersSchema = named(
  'Providers',
  v.object({
    providers: v.array(named('Provider', v.object({ ...providerEntries, modelCount: integer }))),
  }),
);

/** `GET /v1/models/{id}`. */
export const openAiModelSchema = named(
  'OpenAiModel',
  v.object({
    id: modelIdSchema,
    object: v.literal('model'),
    created: v.literal(0),
    owned_by: v.string(),
    context_length: v.optional(integer),
  }),
);

/** `GET /v1/models`. */
export const openAiListSchema = named(
  'OpenAiModels',
  v.object({ object: v.literal('list'), data: v.array(openAiModelSchema) }),
);

/** `GET /api/context`. */
export const contextSchema = named(
  'ContextWindow',
  v.object({ id: compositeIdSchema, ...windowEntries }),
);

/** `GET /api/resolve`. */
export const resolutionSchema = named(
  'Resolution',
  v.object({
    id: compositeIdSchema,
    ...windowEntries,
    provider: providerNameSchema,
    model: v.string(),
    kind: providerKind,
    via: named('ResolvedVia', v.picklist(['composite', 'bare', 'alias'])),
    /** The provider's base URLs; null where the caller may not see them. */
    upstream: v.nullable(v.object({ inference: v.string(), management: v.string() })),
    available: v.nullable(v.boolean()),
    drift: v.optional(v.literal(true)),
  }),
);

/** `GET /api/roles`. */
export const rolesSchema = named(
  'Roles',
  v.object({
    roles: v.object({
      default: v.nullable(resolutionSchema),
      task: v.nullable(resolutionSchema),
      compaction: v.nullable(resolutionSchema),
      arena: v.array(resolutionSchema),
    }),
  }),
);

/** One favorite, as every favorites route answers it. */
export const favoriteSchema = named(
  'Favorite',
  v.object({
    id: compositeIdSchema,
    position: integer,
    createdAt: timestamp,
    available: v.nullable(v.boolean()),
  }),
);

/** `GET /api/favorites`, and the answer to a new order. */
export const favoritesSchema = named('Favorites', v.object({ favorites: v.array(favoriteSchema) }));

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

/** The body of `POST /api/providers/{name}/unload`. A misspelt field must not unload everything. */
export const unloadSchema = named(
  'UnloadFromProvider',
  v.pipe(
    v.strictObject(
      { model: v.optional(modelIdSchema) },
      'expected an object {"model": "..."} without other fields, or no body',
    ),
    v.metadata({ examples: [{ model: 'qwen3.6-27b' }] }),
  ),
);

/** The body of `POST /api/unload`. */
export const unloadByIdSchema = named(
  'Unload',
  v.pipe(
    v.strictObject(
      { model: modelIdSchema },
      'expected an object {"model": "provider/model"} without other fields',
    ),
    v.metadata({ examples: [{ model: 'sam-desktop/qwen3.6-27b' }] }),
  ),
);

/** What was unloaded: one model, by the provider's own name for it, or all. */
export const unloadedSchema = named(
  'Unloaded',
  v.object({ provider: providerNameSchema, model: v.nullable(v.string()) }),
);

/** `GET /api/providers/{name}/running`: the provider's own shape. */
export const runningSchema = named(
  'Running',
  v.objectWithRest({ running: v.array(v.objectWithRest({}, v.unknown())) }, v.unknown()),
);

/** `GET /api/doctor`. */
export const doctorSchema = named(
  'Diagnosis',
  v.object({
    ok: v.boolean(),
    findings: v.array(
      named(
        'Finding',
        v.object({
          level: v.picklist(['fault', 'warning', 'note']),
          subject: v.string(),
          code: v.string(),
          message: v.string(),
        }),
      ),
    ),
    hosts: v.array(
      named(
        'DiagnosedProvider',
        v.object({
          ...v.omit(v.object(providerEntries), ['error']).entries,
          modelCount: integer,
          release: v.nullable(v.string()),
        }),
      ),
    ),
  }),
);

/** `GET /health` and `GET /ready`. */
export const okSchema = named('Ok', v.object({ status: v.literal('ok') }));
