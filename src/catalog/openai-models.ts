import * as v from 'valibot';
import { modelIdSchema } from '../resolve/id-schemas.ts';
import { declareAnswer, integer, named, type Infer } from '../schema.ts';
import { modelExample, type CatalogModel } from './model.ts';

const openAiModelSchema = named(
  'OpenAiModel',
  v.object({
    id: modelIdSchema,
    object: v.literal('model'),
    /** Always 0, because the time is unknown. */
    created: v.literal(0),
    owned_by: v.string(),
    context_length: v.optional(integer),
  }),
);

/** Converts a model to OpenAI's format. */
export function toOpenAiModel({
  id,
  provider,
  contextWindow,
}: CatalogModel): Infer<typeof openAiModelSchema> {
  const model = { id, object: 'model', created: 0, owned_by: provider } as const;
  return contextWindow === null ? model : { ...model, context_length: contextWindow };
}

/** `GET /v1/models/{id}`. */
export const openAiModelAnswer = declareAnswer(openAiModelSchema, toOpenAiModel(modelExample));

/** `GET /v1/models`. */
export const openAiListAnswer = declareAnswer(
  named('OpenAiModels', v.object({ object: v.literal('list'), data: v.array(openAiModelSchema) })),
  { object: 'list', data: [openAiModelAnswer.example] },
);
