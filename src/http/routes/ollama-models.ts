import { Hono, type Context } from 'hono';
import { resolver } from 'hono-openapi';
import type { MergedCatalog } from '../../catalog/merge-catalog.ts';
import type { OpenAiModel } from '../../catalog/openai-models.ts';
import type { Slices } from '../../catalog/slices.ts';
import type { SnapshotSource } from '../../catalog/snapshot-source.ts';
import { toUnlistedError } from '../../catalog/unlisted-error.ts';
import type { Gateway, NoteBareId } from '../../gateway/gateway.ts';
import { parseJsonBody } from '../../gateway/json-body.ts';
import {
  inMemoryAnswer,
  renderTags,
  showAnswer,
  tagsAnswer,
  toLoadedModels,
  toShown,
} from '../../ollama/models.ts';
import { showRequestSchema } from '../../ollama/requests.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ValueOf } from '../../schema.ts';
import { toBackground } from '../background.ts';
import { createDocument, sendDocument } from '../documents.ts';
import { parseJson } from '../json-body.ts';
import { requireKnownName } from '../require-known-name.ts';
import { readExchange } from '../middleware/observe.ts';
import {
  bodyErrors,
  describe,
  documentAnswers,
  idErrors,
  jsonAnswer,
} from '../openapi/describe.ts';
import { translatedErrors } from '../openapi/error-answers.ts';
import { requireProviders, type CatalogView } from '../view.ts';

const TAG = 'ollama';

/** The errors of a route that takes a model: of Paddock itself, and of a request to the model's provider. */
export const modelErrors = [
  ...idErrors,
  ...bodyErrors,
  'invalid_request',
  'model_required',
  'not_found',
  'invalid_response',
  'provider_unreachable',
  'upstream_timeout',
] as const;

/** The dependencies of the routes. */
export interface OllamaModelsOptions {
  readonly settings: Settings;
  readonly gateway: Gateway;
  readonly view: CatalogView;
  readonly snapshots: Pick<SnapshotSource, 'read'>;
  readonly toModels: (catalog: MergedCatalog) => Promise<readonly OpenAiModel[]>;
  readonly slices: Slices;
  readonly noteBareId: NoteBareId;
}

/** Creates the routes of Ollama's API that list and describe models. None loads a model. */
export function ollamaModelsRoutes(options: OllamaModelsOptions) {
  const { settings, gateway, view, snapshots, toModels, slices, noteBareId } = options;
  const tagsDocument = createDocument({ render: renderTags, slices });
  const toReading = (c: Context) => ({ refresh: false, background: toBackground(c) });

  async function show(c: Context) {
    requireProviders(settings);
    const client = c.req.raw;
    const exchange = readExchange(c);
    const bytes = await gateway.readBody({ client, exchange });
    const { model: asked, name } = parseJson(bytes, showRequestSchema);
    const text = asked || name || null;
    const readSnapshot = () => snapshots.read(toReading(c));
    const { resolved, provider } = await requireKnownName(text, { settings, readSnapshot });
    const { ollamaBase } = provider.kind;
    if (ollamaBase !== null) {
      const body = parseJsonBody(bytes).withModel(resolved.model);
      return gateway.relayWritten({
        client,
        exchange,
        provider,
        resolved,
        path: `${ollamaBase}/api/show`,
        body,
      });
    }
    const models = await toModels(await view.read(toReading(c)));
    const model =
      models.find(({ id }) => id === text) ?? models.find(({ id }) => id === resolved.id);
    if (model !== undefined) return c.json(toShown(model), 200);
    noteBareId(exchange, { resolved, hasFailed: true });
    throw toUnlistedError(resolved, { snapshot: await readSnapshot(), route: '/api/tags' });
  }

  return new Hono()
    .get(
      '/api/tags',
      describe(
        {
          tag: TAG,
          summary: 'The models of all online providers, as Ollama lists them',
          answers: documentAnswers('The models', tagsAnswer),
          errors: ['no_providers'],
          errorShape: 'ollama',
        },
        async (c) => {
          const models = await toModels(await view.read(toReading(c)));
          return sendDocument<ValueOf<typeof tagsAnswer>>(c, await tagsDocument(models));
        },
      ),
    )
    .get(
      '/api/ps',
      describe(
        {
          tag: TAG,
          summary: 'The models in memory, as Ollama lists them',
          answers: { 200: jsonAnswer('The models', inMemoryAnswer) },
          errors: ['no_providers'],
          errorShape: 'ollama',
        },
        async (c) => {
          const { providers } = await view.read(toReading(c));
          return c.json(toLoadedModels(providers.flatMap(({ models }) => models)), 200);
        },
      ),
    )
    .post(
      '/api/show',
      describe(
        {
          tag: TAG,
          summary: 'One model, as Ollama describes it; loads nothing',
          answers: { 200: jsonAnswer('The model', showAnswer), ...translatedErrors },
          errors: modelErrors,
          errorShape: 'ollama',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: resolver(showRequestSchema) } },
          },
        },
        show,
      ),
    );
}
