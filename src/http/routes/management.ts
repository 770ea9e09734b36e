import { Hono, type Context, type Env } from 'hono';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import { requireManaged } from '../../registry/require-managed.ts';
import type { Provider } from '../../registry/provider.ts';
import type { Settings } from '../../settings/settings.ts';
import { joinId } from '../../resolve/composite-id.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import type { Fetch } from '../../fetch.ts';
import { LlamaSwapApi } from '../../upstream/llama-swap-api.ts';
import { toManagementError } from '../../upstream/management-error.ts';
import { bodyErrors, describe, idErrors, jsonAnswer } from '../openapi/describe.ts';
import { runningExample, unloadedExample } from '../openapi/examples.ts';
import {
  allowJsonBody,
  limitBody,
  requireJsonBody,
  validateJson,
  type JsonInput,
} from '../json-body.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import {
  runningSchema,
  unloadByIdSchema,
  unloadedSchema,
  unloadSchema,
} from '../openapi/schemas.ts';
import { requireProviders } from '../view.ts';
import type { AnswerWatch } from '../watch-answers.ts';

/** A host answers once the model's process has stopped, which may first be given ten seconds to do so. In milliseconds. */
const UNLOAD_TIMEOUT_MS = 30_000;

const TAG = 'management';
const answers = {
  200: jsonAnswer('It was unloaded', { schema: unloadedSchema, example: unloadedExample }),
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

/** What hosts have loaded, and what unloads it. Reading is GET, changing never is. */
export function managementRoutes(options: {
  settings: Settings;
  fetch: Fetch;
  bodyLimits: BodyLimits;
  watch: Pick<AnswerWatch, 'unloading' | 'unloaded'>;
}) {
  const { settings, fetch, bodyLimits, watch } = options;
  const { registry } = settings;

  async function unload(provider: Provider, model: string | null) {
    const api = new LlamaSwapApi({ provider, fetch });
    watch.unloading(provider.name);
    const asked = { provider, model, timeoutMs: UNLOAD_TIMEOUT_MS };
    await api
      .unload(model, AbortSignal.timeout(UNLOAD_TIMEOUT_MS))
      .catch((cause: unknown) => {
        throw toManagementError(cause, asked);
      })
      .finally(() => watch.unloaded(provider.name, model));
    return { provider: provider.name, model };
  }

  /** A provider's own name for a model, which is held to the rules of IDs too. */
  const requireOwn = (model: string, { name }: Provider) =>
    requireModel(joinId(name, model), registry).model;

  return new Hono()
    .get(
      '/api/providers/:name/running',
      describe(
        {
          tag: TAG,
          summary: 'What a llama-swap has loaded, in its own format',
          parameters: [PARAMETERS.ProviderName],
          answers: {
            200: jsonAnswer('What is loaded; cmd and proxy of each are left out', {
              schema: runningSchema,
              example: runningExample,
            }),
          },
          errors: ['unknown_provider', 'no_providers', ...providerErrors],
        },
        async (c: Context<Env, '/api/providers/:name/running'>) => {
          requireProviders(settings);
          const provider = requireManaged(c.req.param('name'), registry);
          const { timeoutMs } = provider;
          const api = new LlamaSwapApi({ provider, fetch });
          const answer = await api
            .running(AbortSignal.timeout(timeoutMs))
            .catch((cause: unknown) => {
              throw toManagementError(cause, { provider, model: null, timeoutMs });
            });
          // Both may hold secrets and inner addresses.
          const running = answer.running.map(({ cmd: _cmd, proxy: _proxy, ...entry }) => entry);
          return c.json({ ...answer, running }, 200);
        },
      ),
    )
    .post(
      '/api/providers/:name/unload',
      limitBody(bodyLimits),
      // Without a body, all.
      allowJsonBody,
      validateJson(unloadSchema),
      describe(
        {
          tag: TAG,
          summary: 'Unloads one model of a llama-swap, by its own name there; without a body, all',
          parameters: [PARAMETERS.ProviderName],
          answers,
          errors: unloadErrors,
          // What the validator says of the body; but that it may be left out.
          requestBody: { required: false, content: {} },
        },
        async (c: Context<Env, '/api/providers/:name/unload', JsonInput<typeof unloadSchema>>) => {
          requireProviders(settings);
          const provider = requireManaged(c.req.param('name'), registry);
          const { model } = c.req.valid('json');
          const own = model === undefined ? null : requireOwn(model, provider);
          return c.json(await unload(provider, own), 200);
        },
      ),
    )
    .post(
      '/api/unload',
      limitBody(bodyLimits),
      requireJsonBody,
      validateJson(unloadByIdSchema),
      describe(
        { tag: TAG, summary: 'Unloads a model by its ID', answers, errors: unloadErrors },
        async (c: Context<Env, '/api/unload', JsonInput<typeof unloadByIdSchema>>) => {
          requireProviders(settings);
          const { provider, model } = requireModel(c.req.valid('json').model, registry);
          return c.json(await unload(requireManaged(provider, registry), model), 200);
        },
      ),
    );
}
