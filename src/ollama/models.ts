import * as v from 'valibot';
import type { CatalogModel } from '../catalog/model.ts';
import { UNKNOWN_TIME, type OpenAiModel } from '../catalog/openai-models.ts';
import type { Rendering } from '../catalog/render-catalog.ts';
import { modelIdSchema } from '../resolve/id-schemas.ts';
import { declareAnswer, integer, namedObject, timestamp, type Infer } from '../schema.ts';
import type { Steps } from '../steps.ts';
import { toOllamaCapabilities } from './to-capabilities.ts';
import { toDigest } from './to-digest.ts';

/** When a model leaves memory by itself. Paddock does not know it: clients show this time as "never". */
const FAR_AHEAD = '2318-01-01T00:00:00Z';

const detailsSchema = namedObject('OllamaDetails', {
  parent_model: v.string(),
  format: v.string(),
  family: v.string(),
  families: v.array(v.string()),
  parameter_size: v.string(),
  quantization_level: v.string(),
});

/** Clients expect these fields, but providers do not report them. */
const NO_DETAILS: Infer<typeof detailsSchema> = {
  parent_model: '',
  format: '',
  family: '',
  families: [],
  parameter_size: '',
  quantization_level: '',
};

const fields = {
  name: modelIdSchema,
  /** The same as `name`. */
  model: modelIdSchema,
  /** Always 0, because the size is unknown. */
  size: v.literal(0),
  /** Made from the name. */
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
  details: detailsSchema,
};

const tagSchema = namedObject('OllamaModel', {
  ...fields,
  modified_at: timestamp,
  capabilities: v.array(v.string()),
});

const loadedSchema = namedObject('OllamaLoadedModel', {
  ...fields,
  size_vram: v.literal(0),
  expires_at: timestamp,
  context_length: v.optional(integer),
});

const EXAMPLE = 'sam-desktop/qwen3.6-27b';

/** `GET /api/tags`. */
export const tagsAnswer = declareAnswer(
  namedObject('OllamaModels', { models: v.array(tagSchema) }),
  { models: [toTag({ id: EXAMPLE, capabilities: { function_calling: true } })] },
);

/** `GET /api/ps`. */
export const inMemoryAnswer = declareAnswer(
  namedObject('OllamaLoadedModels', { models: v.array(loadedSchema) }),
  { models: [toLoaded({ id: EXAMPLE, contextWindow: 65_536 })] },
);

const shownSchema = namedObject('OllamaModelDetails', {
  modelfile: v.string(),
  parameters: v.string(),
  template: v.string(),
  details: detailsSchema,
  model_info: v.record(v.string(), v.union([v.string(), integer])),
  capabilities: v.array(v.string()),
  modified_at: timestamp,
});

/** `POST /api/show`. */
export const showAnswer = declareAnswer(
  shownSchema,
  toShown({ id: EXAMPLE, name: 'Qwen 3.6 27B', context_length: 65_536 }),
);

type Described = Pick<OpenAiModel, 'id' | 'capabilities' | 'supported_parameters'>;

/** The number of models that are serialized in one step. */
const STEP = 100;

/** Renders all models for `GET /api/tags`. */
export function* renderTags(models: readonly OpenAiModel[]): Steps<Rendering> {
  const parts = ['{"models":['];
  for (let start = 0; start < models.length; start += STEP) {
    if (start > 0) yield;
    const text = JSON.stringify(models.slice(start, start + STEP).map(toTag));
    parts.push(`${start === 0 ? '' : ','}${text.slice(1, -1)}`);
  }
  parts.push(']}');
  return { body: parts, identity: parts };
}

/** Lists the models in memory for `GET /api/ps`. */
export function toLoadedModels(models: readonly CatalogModel[]) {
  const loaded = models.filter(({ kind, state }) => kind === 'model' && state === 'ready');
  return { models: loaded.map(toLoaded) };
}

/** Describes a model for `POST /api/show`. */
export function toShown({
  name,
  context_length: context,
  ...model
}: Described & Pick<OpenAiModel, 'name' | 'context_length'>): Infer<typeof shownSchema> {
  return {
    modelfile: '',
    parameters: '',
    template: '',
    details: NO_DETAILS,
    // Clients read the window from the field that the architecture names.
    model_info: {
      'general.architecture': 'unknown',
      'general.basename': name,
      ...(context !== undefined && { 'unknown.context_length': context }),
    },
    capabilities: [...toCapabilities(model)],
    modified_at: UNKNOWN_TIME,
  };
}

function toTag(model: Described): Infer<typeof tagSchema> {
  return {
    ...toFields(model.id),
    modified_at: UNKNOWN_TIME,
    capabilities: [...toCapabilities(model)],
  };
}

function toLoaded({
  id,
  contextWindow,
}: Pick<CatalogModel, 'id' | 'contextWindow'>): Infer<typeof loadedSchema> {
  return {
    ...toFields(id),
    size_vram: 0,
    expires_at: FAR_AHEAD,
    ...(contextWindow !== null && { context_length: contextWindow }),
  };
}

function toFields(id: string) {
  return { name: id, model: id, size: 0, digest: toDigest(id), details: NO_DETAILS } as const;
}

function toCapabilities({ capabilities = {}, supported_parameters: parameters }: Described) {
  return toOllamaCapabilities(Object.keys(capabilities), parameters);
}
