import * as v from 'valibot';
import { KINDS } from '../registry/kinds/kinds.ts';
import { capabilitiesSchema } from '../registry/provider-kind.ts';
import { compositeIdSchema, providerNameSchema } from '../resolve/id-schemas.ts';
import { declareAnswer, integer, named, namedObject, timestamp, type Infer } from '../schema.ts';
import { modelExample, modelSchema } from './model.ts';

/** The name of a provider's kind. */
export const providerKindSchema = named(
  'ProviderKind',
  v.picklist(KINDS.map(({ name }): string => name)),
);

const faultSchema = namedObject('Fault', { code: v.string(), message: v.string() });

/** The code and message of an error. */
export type Fault = Infer<typeof faultSchema>;

const statusSchema = named(
  'ProviderStatus',
  v.picklist(['online', 'offline', 'unauthorized', 'invalid']),
);

/** The status of a provider in its last probe. */
export type ProviderStatus = Infer<typeof statusSchema>;

/** The fields of a provider in the catalog, the list of providers and the doctor's report. */
export const providerEntries = {
  name: providerNameSchema,
  label: v.string(),
  kind: providerKindSchema,
  default: v.boolean(),
  sidecar: v.boolean(),
  can: capabilitiesSchema,
  status: statusSchema,
  /** The reason why the provider shows no models or, if it is online, not all of them; null if nothing is wrong. */
  error: v.nullable(faultSchema),
  /** Null if the provider was never probed. */
  checkedAt: v.nullable(timestamp),
  /** The time when it was last online; null if it was never online since Paddock started. */
  lastSeenAt: v.nullable(timestamp),
  latencyMs: v.nullable(integer),
  /** The port that serves the provider's own web pages at `/upstream/{name}/{model}/`, if there is one. */
  upstreamPort: v.optional(integer),
};

const groupSchema = namedObject('ProviderModels', {
  ...providerEntries,
  models: v.array(modelSchema),
});

/** A provider's group in the catalog. */
export type CatalogProvider = Infer<typeof groupSchema>;

const catalogSchema = namedObject('Catalog', {
  generatedAt: timestamp,
  defaultModel: v.nullable(
    namedObject('DefaultModel', { id: compositeIdSchema, available: v.boolean() }),
  ),
  favorites: v.array(modelSchema),
  hiddenFavorites: integer,
  favoritesError: v.optional(faultSchema),
  demo: v.optional(v.literal(true)),
  providers: v.array(groupSchema),
});

/** Every model of every provider, grouped, favorites first. */
export type Catalog = Infer<typeof catalogSchema>;

/** A provider of the demo. */
export const providerExample = {
  name: 'sam-desktop',
  label: "Sam's desktop",
  kind: 'llama-swap',
  default: true,
  sidecar: false,
  can: { running: true, load: true, unload: true, upstream: true, logs: true },
  status: 'online',
  error: null,
  checkedAt: '2026-11-22T09:30:00.000Z',
  lastSeenAt: '2026-11-22T09:30:00.000Z',
  latencyMs: 4,
} as const;

/** `GET /api/models`. */
export const catalogAnswer = declareAnswer(catalogSchema, {
  generatedAt: '2026-11-22T09:30:00.000Z',
  defaultModel: { id: modelExample.id, available: true },
  favorites: [modelExample],
  hiddenFavorites: 0,
  providers: [{ ...providerExample, models: [modelExample] }],
});

/** `GET /api/providers`. */
export const providersAnswer = declareAnswer(
  namedObject('Providers', {
    providers: v.array(namedObject('Provider', { ...providerEntries, modelCount: integer })),
  }),
  { providers: [{ ...providerExample, modelCount: 1 }] },
);
