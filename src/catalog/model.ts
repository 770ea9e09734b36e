import * as v from 'valibot';
import {
  modalitiesSchema,
  modelKindSchema,
  modelStateSchema,
  type ModelDetails,
} from '../registry/provider-models.ts';
import { compositeIdSchema, providerNameSchema } from '../resolve/id-schemas.ts';
import { integer, named, namedObject, type Infer } from '../schema.ts';

/** The fields of a context window, in tokens, and its source. */
export const contextWindowEntries = {
  contextWindow: v.nullable(integer),
  contextSource: named(
    'ContextSource',
    v.picklist(['declared', 'loaded', 'learned', 'configured', 'static', 'supported', 'unknown']),
  ),
};

/** A context window in tokens, and its source. */
export type ContextWindow = Infer<v.ObjectSchema<typeof contextWindowEntries, undefined>>;

/** A model of the catalog. */
export const modelSchema = namedObject('Model', {
  id: compositeIdSchema,
  provider: providerNameSchema,
  model: v.string(),
  name: v.string(),
  description: v.nullable(v.string()),
  kind: modelKindSchema,
  /** For a `peer`, the provider's own name for the server behind it; null for all other kinds. */
  peer: v.nullable(v.string()),
  favorite: v.boolean(),
  state: modelStateSchema,
  ...contextWindowEntries,
  /** The provider's aliases for the model, without the provider's name, and the aliases of the settings. */
  aliases: v.array(v.string()),
  capabilities: v.array(v.string()),
  modalities: modalitiesSchema,
  /** Composite IDs of the same model on other providers: by equal name, or by a peer's name for its own provider. */
  alsoOn: v.array(compositeIdSchema),
});

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

/** A model as its provider lists it, under the provider's own name. */
export interface ListedModel extends Omit<
  CatalogModel,
  'id' | 'provider' | 'favorite' | 'alsoOn' | keyof ContextWindow
> {
  /** The context window that the provider declares, in tokens, or null. */
  readonly declaredContext: number | null;
  /** The most tokens that the model supports, where the provider may allow less; absent if unknown. */
  readonly maxContext?: number | null;
  /** The name at `/running` of the model that serves it now: its own, or that of the model it points to. */
  readonly runsAs: string;
  /** The names at `/running` of all models that may serve it: one, except for a selector. */
  readonly servers: readonly string[];
  readonly details: ModelDetails;
}
