import { Hono, type Context, type Env } from 'hono';
import { catalogAnswer, providersAnswer } from '../../catalog/catalog.ts';
import type { MergedCatalog } from '../../catalog/merge-catalog.ts';
import { pickPage } from '../../catalog/model-page.ts';
import {
  openAiListAnswer,
  openAiModelAnswer,
  type OpenAiModel,
} from '../../catalog/openai-models.ts';
import { renderModelList, renderProviders } from '../../catalog/render-catalog.ts';
import type { Slices } from '../../catalog/slices.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { toUnlistedError } from '../../catalog/unlisted-error.ts';
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
import { readExchange } from '../middleware/observe.ts';
import type { NoteBareId } from '../../gateway/gateway.ts';
import { readPathId } from './read-path-id.ts';
import { refuseForeign } from '../middleware/refuse-foreign.ts';
import type { CatalogView } from '../view.ts';
import { wantsPage } from '../wants-page.ts';

type RefreshInput = QueryInput<{ refresh?: string }>;
type ListInput = QueryInput<{
  refresh?: string;
  limit?: string;
  after_id?: string;
  before_id?: string;
}>;

const LIST_PARAMETERS = [
  PARAMETERS.Refresh,
  PARAMETERS.Limit,
  PARAMETERS.AfterId,
  PARAMETERS.BeforeId,
  PARAMETERS.AnthropicVersion,
];

const TAG = 'catalog';

/** Creates the routes for the models of all providers, in Paddock's format and in OpenAI's. */
export function catalogRoutes(options: {
  settings: Settings;
  view: CatalogView;
  snapshots: Pick<SnapshotSource, 'last'>;
  catalogDocument: ToDocument<MergedCatalog>;
  toModels: (catalog: MergedCatalog) => Promise<readonly OpenAiModel[]>;
  slices: Slices;
  noteBareId: NoteBareId;
}) {
  const { settings, view, snapshots, catalogDocument, toModels, slices, noteBareId } = options;
  const listDocument = createDocument({ render: renderModelList, slices });
  const read = (c: Context) => {
    const refresh = c.req.query('refresh') === '1';
    if (refresh) refuseForeign(c, settings);
    return view.read({ refresh, background: toBackground(c) });
  };
  /** Creates a route that sends a document of the catalog. */
  const sendAll = <A extends Answer>(
    answer: A,
    route: { summary: string; description: string; toDocument: ToDocument<MergedCatalog> },
  ) => {
    const { summary, description, toDocument } = route;
    const answers = documentAnswers(description, answer);
    return describe(
      { tag: TAG, summary, parameters: [PARAMETERS.Refresh], answers, errors: ['no_providers'] },
      async (c: Context<Env, string, RefreshInput>) =>
        sendDocument<ValueOf<A>>(c, await toDocument(await read(c))),
    );
  };
  const sendList = (summary: string) =>
    describe(
      {
        tag: TAG,
        summary,
        parameters: LIST_PARAMETERS,
        answers: documentAnswers('The models', openAiListAnswer),
        errors: ['no_providers', 'invalid_request'],
        errorShape: 'ownOrAnthropic',
      },
      async (c: Context<Env, string, ListInput>) => {
        const models = await toModels(await read(c));
        if (!wantsPage(c)) {
          return sendDocument<ValueOf<typeof openAiListAnswer>>(c, await listDocument(models));
        }
        return c.json(pickPage(models, c.req.query()), 200);
      },
    );

  return (
    new Hono()
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
        sendList('The models of all online providers, in the formats of OpenAI and Anthropic'),
      )
      // llama-swap and llama.cpp's router have the same list here, and clients whose base URL lacks /v1 ask for it.
      .get('/models', sendList('The same list, as llama-swap and llama.cpp’s router serve it'))
      .get(
        `/v1/models/${ID_SEGMENT}`,
        describe(
          {
            tag: TAG,
            summary: 'One model, as OpenAI describes it',
            parameters: [PARAMETERS.ModelIdInPath, PARAMETERS.AnthropicVersion],
            answers: { 200: jsonAnswer('The model', openAiModelAnswer) },
            errors: [...idErrors, 'not_found'],
            errorShape: 'ownOrAnthropic',
          },
          async (c) => {
            const asked = readPathId(c, '/v1/models/');
            const wanted = requireModel(asked, settings.registry);
            const models = await toModels(await read(c));
            const find = (named: string) => models.find(({ id }) => id === named);
            const model = find(asked) ?? find(wanted.id);
            if (model !== undefined) return c.json(model, 200);
            noteBareId(readExchange(c), { resolved: wanted, hasFailed: true });
            throw toUnlistedError(wanted, { snapshot: snapshots.last(), route: '/v1/models' });
          },
        ),
      )
  );
}
