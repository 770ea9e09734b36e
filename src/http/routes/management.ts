import { Hono, type Context, type Env } from 'hono';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import { requireManaged } from '../../registry/require-provider.ts';
import type { Provider } from '../../registry/provider.ts';
import type { Settings } from '../../settings/settings.ts';
import { joinId } from '../../resolve/composite-id.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import { toOutcomeError } from '../../upstream/outcome-error.ts';
import { askProvider, type RequestUpstream } from '../../upstream/request-upstream.ts';
import { bodyErrors, describe, idErrors, jsonAnswer } from '../openapi/describe.ts';
import { readJsonBody, validateJson, type JsonInput } from '../json-body.ts';
import type { ResolveNoted } from '../note-bare-id.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import {
  runningAnswer,
  unloadByIdSchema,
  unloadedAnswer,
  unloadSchema,
} from './management-schemas.ts';
import type { UnloadModel } from '../unload-model.ts';
import { requireProviders } from '../view.ts';

const TAG = 'management';
const answers = {
  200: jsonAnswer('The model was unloaded', unloadedAnswer),
};

const providerErrors = [
  'unsupported_by_provider',
  'invalid_response',
  'provider_unreachable',
  'provider_timeout',
] as const;

const unloadErrors = [
  ...idErrors,
  ...bodyErrors,
  ...providerErrors,
  'invalid_request',
  'not_found',
] as const;

/** Creates the routes that list and unload loaded models. A GET never changes anything. */
export function managementRoutes(options: {
  settings: Settings;
  requestUpstream: RequestUpstream;
  bodyLimits: BodyLimits;
  unloadModel: UnloadModel;
  resolveNoted: ResolveNoted;
}) {
  const { settings, requestUpstream, bodyLimits, unloadModel, resolveNoted } = options;
  const { registry } = settings;

  /** Returns a provider's own name for a model. It must follow the rules of model IDs too. */
  const requireOwn = (model: string, { name }: Provider) =>
    requireModel(joinId(name, model), registry).model;

  return new Hono()
    .get(
      '/api/providers/:name/running',
      describe(
        {
          tag: TAG,
          summary: 'The loaded models of a provider, in the format of llama-swap',
          parameters: [PARAMETERS.ProviderName],
          answers: {
            200: jsonAnswer('The loaded models, each without cmd and proxy', runningAnswer),
          },
          errors: ['unknown_provider', 'no_providers', ...providerErrors],
        },
        async (c: Context<Env, '/api/providers/:name/running'>) => {
          requireProviders(settings);
          const name = c.req.param('name');
          const { provider, manage } = requireManaged(name, { registry, can: 'running' });
          const outcome = await manage.show(askProvider(provider, { requestUpstream }));
          if (outcome.kind !== 'ok')
            throw toOutcomeError(outcome, { provider, purpose: 'management' });
          return c.json(outcome.value, 200);
        },
      ),
    )
    .post(
      '/api/providers/:name/unload',
      // Without a body, the route unloads all models.
      readJsonBody(bodyLimits, { isOptional: true }),
      validateJson(unloadSchema),
      describe(
        {
          tag: TAG,
          summary: 'Unloads one model of a provider by its own name, or all models without a body',
          parameters: [PARAMETERS.ProviderName],
          answers,
          errors: unloadErrors,
          // The validator describes the body; this adds that it is optional.
          requestBody: { required: false, content: {} },
        },
        async (c: Context<Env, '/api/providers/:name/unload', JsonInput<typeof unloadSchema>>) => {
          requireProviders(settings);
          const managed = requireManaged(c.req.param('name'), { registry, can: 'unload' });
          const { model } = c.req.valid('json');
          const own = model === undefined ? null : requireOwn(model, managed.provider);
          return c.json(await unloadModel(managed, own), 200);
        },
      ),
    )
    .post(
      '/api/unload',
      readJsonBody(bodyLimits),
      validateJson(unloadByIdSchema),
      describe(
        { tag: TAG, summary: 'Unloads a model by its ID', answers, errors: unloadErrors },
        async (c: Context<Env, '/api/unload', JsonInput<typeof unloadByIdSchema>>) => {
          requireProviders(settings);
          const { provider, model } = resolveNoted(c, c.req.valid('json').model);
          const managed = requireManaged(provider, { registry, can: 'unload' });
          return c.json(await unloadModel(managed, model), 200);
        },
      ),
    );
}
