import * as v from 'valibot';
import { compositeIdSchema, providerNameSchema } from '../resolve/id-schemas.ts';
import { integer, named, type Infer } from '../schema.ts';

const modelState = named(
  'ModelState',
  v.picklist(['ready', 'starting', 'stopping', 'stopped', 'unknown']),
);

/** What a model is doing on its host. */
export type ModelState = Infer<typeof modelState>;

/**
 * All but a `model` and a `peer` stand for another entry: an alias for one model, a selector for the one of several that it
 * picks for each request, a profile for what the active profile pins to its name.
 */
const modelKind = named('ModelKind', v.picklist(['model', 'alias', 'selector', 'profile', 'peer']));

/** What an entry of a provider's list is. */
export type ModelKind = Infer<typeof modelKind>;

/** Input and output modalities, as OpenRouter and llama-swap spell them: `text`, `image`, `audio`; empty where unknown. */
export const modalitiesSchema = named(
  'Modalities',
  v.object({ input: v.array(v.string()), output: v.array(v.string()) }),
);

/** What a model takes and gives. */
export type Modalities = Infer<typeof modalitiesSchema>;

/** How long a prompt may be, in tokens, and where that is known from. */
export const contextWindowEntries = {
  contextWindow: v.nullable(integer),
  contextSource: named(
    'ContextSource',
    v.picklist(['declared', 'loaded', 'learned', 'configured', 'static', 'unknown']),
  ),
};

/** A context window in tokens, and where it is known from. */
export type ContextWindow = Infer<v.ObjectSchema<typeof contextWindowEntries, undefined>>;

/** A model of the catalog. */
export const modelSchema = named(
  'Model',
  v.object({
    id: compositeIdSchema,
    provider: providerNameSchema,
    model: v.string(),
    name: v.string(),
    description: v.nullable(v.string()),
    kind: modelKind,
    /** Of a `peer`, the provider's own name for the server behind it; null for all others. */
    peer: v.nullable(v.string()),
    favorite: v.boolean(),
    state: modelState,
    ...contextWindowEntries,
    /** The host's other names for it, to be written after the provider, and the aliases of the settings that mean it. */
    aliases: v.array(v.string()),
    capabilities: v.array(v.string()),
    modalities: modalitiesSchema,
    /** Composite IDs of the same model on other providers: of equal names, and of a peer's model and its own provider's. */
    alsoOn: v.array(compositeIdSchema),
  }),
);

/** A model as the catalog shows it. */
export type CatalogModel = Infer<typeof modelSchema>;

/** A model of the demo's providers. */
export const modelExample: CatalogModel = {
  id: 'sam-desktop/qwen3.6-27b',
  provider: 'sam-desktop',
  model: 'qwen3.6-27b',
  name: 'Qwen 3.6 27B',
  description: null,
  kind: 'model',
  peer: null,
  favorite: true,
  state: 'ready',
  contextWindow: 65536,
  contextSource: 'declared',
  aliases: [],
  capabilities: ['function_calling'],
  modalities: { input: [], output: [] },
  alsoOn: ['lab-server/qwen3.6-27b'],
};

/** A model as its provider listed it, under the provider's own name for it. */
export interface ListedModel extends Omit<
  CatalogModel,
  'id' | 'provider' | 'favorite' | 'alsoOn' | keyof ContextWindow
> {
  /** The context window that the host declares, in tokens, or null. */
  readonly declaredContext: number | null;
  /** The name at `/running` of what serves it now: its own, or that of the model it stands for. */
  readonly runsAs: string;
  /** The names at `/running` of all models that may serve it: one, except for a selector. */
  readonly servers: readonly string[];
}
