import { Hono, type Context, type Env } from 'hono';
import type { GenericSchema, InferOutput } from 'valibot';
import {
  renderModelListInSteps,
  renderProviders,
  toOpenAiModel,
} from '../../catalog/render-catalog.ts';
import type { Catalog } from '../../catalog/merge-catalog.ts';
import type { Slices } from '../../catalog/slices.ts';
import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import { toBackground } from '../background.ts';
import {
  describe,
  documentAnswers,
  ID_SEGMENT,
  idErrors,
  jsonAnswer,
} from '../openapi/describe.ts';
import {
  createDocument,
  createLargeDocument,
  sendDocument,
  type ToDocument,
} from '../documents.ts';
import { catalogExample, openAiModelExample, providersExample } from '../openapi/examples.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import type { QueryInput } from './query-input.ts';
import { readPathId } from './read-path-id.ts';
import { refuseForeign } from '../middleware/refuse-foreign.ts';
import {
  catalogSchema,
  openAiListSchema,
  openAiModelSchema,
  providersSchema,
} from '../openapi/schemas.ts';
import type { CatalogView } from '../view.ts';

type RefreshInput = QueryInput<{ refresh?: string }>;

const TAG = 'catalog';
const listExample = { object: 'list', data: [openAiModelExample] };
const errors = ['no_providers'] as const;
const parameters = [PARAMETERS.Refresh];

/** What the herd serves, in Paddock's words and in OpenAI's. */
export function catalogRoutes(options: {
  settings: Settings;
  view: CatalogView;
  catalogDocument: ToDocument<Catalog>;
  slices: Slices;
}) {
  const { settings, view, catalogDocument, slices } = options;
  const providersDocument = createDocument(renderProviders);
  const listDocument = createLargeDocument(renderModelListInSteps, slices);
  const read = (c: Context) => {
    const refresh = c.req.query('refresh') === '1';
    if (refresh) refuseForeign(c, settings);
    return view.read({ refresh, background: toBackground(c) });
  };
  const answer =
    <Schema extends GenericSchema>(toDocument: ToDocument<Catalog>) =>
    async (c: Context<Env, string, RefreshInput>) =>
      sendDocument<InferOutput<Schema>>(c, await toDocument(await read(c)));

  return new Hono()
    .get(
      '/api/models',
      describe(
        {
          tag: TAG,
          summary: 'Every model of every provider, by provider, favorites first',
          parameters,
          answers: documentAnswers('The catalog', {
            schema: catalogSchema,
            example: catalogExample,
          }),
          errors,
        },
        answer<typeof catalogSchema>(catalogDocument),
      ),
    )
    .get(
      '/api/providers',
      describe(
        {
          tag: TAG,
          summary: 'Every provider and its status',
          parameters,
          answers: documentAnswers('The providers', {
            schema: providersSchema,
            example: providersExample,
          }),
          errors,
        },
        answer<typeof providersSchema>(providersDocument),
      ),
    )
    .get(
      '/v1/models',
      describe(
        {
          tag: TAG,
          summary: 'The models of all online providers, as OpenAI lists them',
          parameters,
          answers: documentAnswers('The models', {
            schema: openAiListSchema,
            example: listExample,
          }),
          errors,
        },
        answer<typeof openAiListSchema>(listDocument),
      ),
    )
    .get(
      `/v1/models/${ID_SEGMENT}`,
      describe(
        {
          tag: TAG,
          summary: 'One model, as OpenAI describes it',
          parameters: [PARAMETERS.ModelIdInPath],
          answers: {
            200: jsonAnswer('The model', {
              schema: openAiModelSchema,
              example: openAiModelExample,
            }),
          },
          errors: [...idErrors, 'not_found'],
        },
        async (c) => {
          const wanted = requireModel(readPathId(c, '/v1/models/'), settings.registry);
          const { providers } = await read(c);
          const group = providers.find(({ name }) => name === wanted.provider);
          const model = group?.models.find(({ id }) => id === wanted.id);
          if (model !== undefined) return c.json(toOpenAiModel(model), 200);
          const message = `${wanted.provider} does not list "${wanted.model}" now: GET /v1/models lists what there is.`;
          throw new PaddockError('not_found', message, { param: 'model' });
        },
      ),
    );
}
