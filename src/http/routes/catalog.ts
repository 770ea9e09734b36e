import { Hono, type Context, type Env } from 'hono';
import { catalogAnswer, providersAnswer, type Catalog } from '../../catalog/catalog.ts';
import { openAiListAnswer, openAiModelAnswer, toOpenAiModel } from '../../catalog/openai-models.ts';
import { renderModelList, renderProviders } from '../../catalog/render-catalog.ts';
import type { Slices } from '../../catalog/slices.ts';
import { PaddockError } from '../../errors.ts';
import type { Answer, ValueOf } from '../../schema.ts';
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
import { createDocument, sendDocument, type ToDocument } from '../documents.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import type { QueryInput } from './query-input.ts';
import { readPathId } from './read-path-id.ts';
import { refuseForeign } from '../middleware/refuse-foreign.ts';
import type { CatalogView } from '../view.ts';

type RefreshInput = QueryInput<{ refresh?: string }>;

const TAG = 'catalog';

/** Creates the routes for the models of all providers, in Paddock's format and in OpenAI's. */
export function catalogRoutes(options: {
  settings: Settings;
  view: CatalogView;
  catalogDocument: ToDocument<Catalog>;
  slices: Slices;
}) {
  const { settings, view, catalogDocument, slices } = options;
  const read = (c: Context) => {
    const refresh = c.req.query('refresh') === '1';
    if (refresh) refuseForeign(c, settings);
    return view.read({ refresh, background: toBackground(c) });
  };
  /** Creates a route that sends a document of the catalog. */
  const sendAll = <A extends Answer>(
    answer: A,
    route: { summary: string; description: string; toDocument: ToDocument<Catalog> },
  ) => {
    const { summary, description, toDocument } = route;
    const answers = documentAnswers(description, answer);
    return describe(
      { tag: TAG, summary, parameters: [PARAMETERS.Refresh], answers, errors: ['no_providers'] },
      async (c: Context<Env, string, RefreshInput>) =>
        sendDocument<ValueOf<A>>(c, await toDocument(await read(c))),
    );
  };

  return new Hono()
    .get(
      '/api/models',
      sendAll(catalogAnswer, {
        summary: 'All models by provider, favorites first',
        description: 'The catalog',
        toDocument: catalogDocument,
      }),
    )
    .get(
      '/api/providers',
      sendAll(providersAnswer, {
        summary: 'All providers and their status',
        description: 'The providers',
        toDocument: createDocument({ render: renderProviders, slices }),
      }),
    )
    .get(
      '/v1/models',
      sendAll(openAiListAnswer, {
        summary: 'The models of all online providers, as OpenAI lists them',
        description: 'The models',
        toDocument: createDocument({ render: renderModelList, slices }),
      }),
    )
    .get(
      `/v1/models/${ID_SEGMENT}`,
      describe(
        {
          tag: TAG,
          summary: 'One model, as OpenAI describes it',
          parameters: [PARAMETERS.ModelIdInPath],
          answers: { 200: jsonAnswer('The model', openAiModelAnswer) },
          errors: [...idErrors, 'not_found'],
        },
        async (c) => {
          const wanted = requireModel(readPathId(c, '/v1/models/'), settings.registry);
          const { providers } = await read(c);
          const group = providers.find(({ name }) => name === wanted.provider);
          const model = group?.models.find(({ id }) => id === wanted.id);
          if (model !== undefined) return c.json(toOpenAiModel(model), 200);
          const message = `${wanted.provider} does not list "${wanted.model}". GET /v1/models lists the available models.`;
          throw new PaddockError('not_found', message, { param: 'model' });
        },
      ),
    );
}
