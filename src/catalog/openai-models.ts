import * as v from 'valibot';
import { findIdFault, joinId } from '../resolve/composite-id.ts';
import { compositeIdSchema, modelIdSchema } from '../resolve/id-schemas.ts';
import { declareAnswer, integer, namedObject, type Infer } from '../schema.ts';
import type { Steps } from '../steps.ts';
import type { ModelDetails } from '../registry/provider-models.ts';
import type { MergedCatalog } from './merge-catalog.ts';
import { modelExample, type CatalogModel } from './model.ts';

/** The time that Anthropic's API gives for an unknown time. */
export const UNKNOWN_TIME = '1970-01-01T00:00:00Z';

const openAiModelSchema = namedObject('OpenAiModel', {
  id: modelIdSchema,
  object: v.literal('model'),
  /** Anthropic's name for `object`. */
  type: v.literal('model'),
  /** Always 0, because the time is unknown. */
  created: v.literal(0),
  /** Anthropic's name for `created`. */
  created_at: v.literal(UNKNOWN_TIME),
  /** The provider's name. */
  owned_by: v.string(),
  /** With the provider's label if models of several providers have this name. */
  name: v.string(),
  /** The same, under Anthropic's name. */
  display_name: v.string(),
  description: v.optional(v.string()),
  context_length: v.optional(integer),
  /** As llama-swap spells it: `loaded` includes starting and stopping. */
  status: v.optional(v.object({ value: v.picklist(['loaded', 'unloaded']) })),
  architecture: v.optional(
    v.object({
      input_modalities: v.array(v.string()),
      output_modalities: v.array(v.string()),
    }),
  ),
  capabilities: v.optional(v.record(v.string(), v.literal(true))),
  supported_parameters: v.optional(v.array(v.string())),
  meta: v.optional(
    v.object({
      /** llama-swap's own metadata, as the provider gave it. */
      llamaswap: v.optional(v.record(v.string(), v.unknown())),
      /** For an alias. `model` is the ID of the model that it means, if it is known. */
      paddock: v.optional(
        v.object({ type: v.literal('alias'), model: v.optional(compositeIdSchema) }),
      ),
    }),
  ),
});

/** A model in the formats of OpenAI and Anthropic, with the fields of llama-swap. */
export type OpenAiModel = Infer<typeof openAiModelSchema>;

/** The number of models that are converted in one step. */
const STEP = 200;

/** The most aliases that are listed of one provider: its list may name 64 for each of 10,000 models. */
const MAX_ALIASES = 1000;

const STATUS = {
  ready: 'loaded',
  starting: 'loaded',
  stopping: 'loaded',
  stopped: 'unloaded',
  unknown: null,
} as const;

/**
 * Lists the models of all online providers, favorites first, each once; then the aliases that are no models of the list.
 * @param aliases the aliases of the settings: composite IDs by alias
 */
export function* toOpenAiModels(
  catalog: MergedCatalog,
  aliases: ReadonlyMap<string, string>,
): Steps<readonly OpenAiModel[]> {
  const rest = catalog.providers.flatMap(({ models }) => models.filter((model) => !model.favorite));
  const models = [...catalog.favorites, ...rest];
  const toName = yield* createNaming(catalog);
  const rows = new Map<string, OpenAiModel>();
  for (const [index, model] of models.entries()) {
    if (index % STEP === STEP - 1) yield;
    const details = catalog.details.get(model.id);
    rows.set(model.id, toOpenAiModel(model, { name: toName(model), details }));
  }
  yield* addAliases(rows, { models, aliases });
  return [...rows.values()];
}

/** Adds a row for each alias that has none: all of the settings, and `MAX_ALIASES` of each provider. */
function* addAliases(
  rows: Map<string, OpenAiModel>,
  options: { models: readonly CatalogModel[]; aliases: ReadonlyMap<string, string> },
): Steps<void> {
  const counts = new Map<string, number>();
  let visited = 0;
  for (const { id: target, provider, aliases } of options.models) {
    const row = rows.get(target);
    for (const alias of aliases) {
      visited += 1;
      if (visited % STEP === 0) yield;
      const isOfSettings = options.aliases.get(alias) === target;
      const count = counts.get(provider) ?? 0;
      if (row === undefined || (!isOfSettings && count >= MAX_ALIASES)) continue;
      const id = isOfSettings ? alias : joinId(provider, alias);
      if (rows.has(id) || findIdFault(id) !== null) continue;
      if (!isOfSettings) counts.set(provider, count + 1);
      const paddock = { type: 'alias', model: target } as const;
      rows.set(id, { ...row, id, meta: { ...row.meta, paddock } });
    }
  }
}

/** Returns the function that names a model: with its provider's label if models of several providers have the name. */
export function* createNaming({
  providers,
}: MergedCatalog): Steps<(model: CatalogModel) => string> {
  const labels = new Map(providers.map(({ name, label }) => [name, label]));
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  let visited = 0;
  for (const { models } of providers) {
    for (const { name, provider } of models) {
      visited += 1;
      if (visited % STEP === 0) yield;
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, provider);
      else if (owner !== provider) shared.add(name);
    }
  }
  return ({ name, provider }) => (shared.has(name) ? `${name} (${labels.get(provider)})` : name);
}

/** Converts the names of capabilities to llama-swap's format. */
export function toCapabilities(names: readonly string[]): Record<string, true> {
  return Object.fromEntries(names.map((name) => [name, true as const]));
}

function toOpenAiModel(
  model: CatalogModel,
  { name, details }: { name: string; details: ModelDetails | undefined },
): OpenAiModel {
  const { id, provider, description, contextWindow, capabilities, modalities } = model;
  const status = STATUS[model.state];
  const { llamaSwap = null, parameters = [] } = details ?? {};
  const isAlias = model.kind === 'alias';
  return {
    id,
    object: 'model',
    type: 'model',
    created: 0,
    created_at: UNKNOWN_TIME,
    owned_by: provider,
    name,
    display_name: name,
    ...(description !== null && { description }),
    ...(contextWindow !== null && { context_length: contextWindow }),
    ...(status !== null && { status: { value: status } }),
    ...(modalities.input.length + modalities.output.length > 0 && {
      architecture: { input_modalities: modalities.input, output_modalities: modalities.output },
    }),
    ...(capabilities.length > 0 && { capabilities: toCapabilities(capabilities) }),
    ...(parameters.length > 0 && { supported_parameters: parameters }),
    ...((llamaSwap !== null || isAlias) && {
      meta: {
        ...(llamaSwap !== null && { llamaswap: llamaSwap }),
        ...(isAlias && { paddock: { type: 'alias' } }),
      },
    }),
  };
}

/** `GET /v1/models/{id}`. */
export const openAiModelAnswer = declareAnswer(
  openAiModelSchema,
  toOpenAiModel(modelExample, { name: modelExample.name, details: undefined }),
);

/** `GET /v1/models`. The fields of Anthropic are there if the request has a field or header of Anthropic. */
export const openAiListAnswer = declareAnswer(
  namedObject('OpenAiModels', {
    object: v.literal('list'),
    data: v.array(openAiModelSchema),
    first_id: v.optional(v.nullable(modelIdSchema)),
    last_id: v.optional(v.nullable(modelIdSchema)),
    has_more: v.optional(v.boolean()),
  }),
  { object: 'list', data: [openAiModelAnswer.example] },
);
