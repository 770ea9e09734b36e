import { Hono, type Context, type Env } from 'hono';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import {
  NO_SUCH_PROVIDER_MESSAGE,
  requireManaged,
  toUnmanagedMessage,
} from '../../registry/require-managed.ts';
import type { Provider } from '../../registry/provider.ts';
import type { Settings } from '../../registry/settings.ts';
import { joinId } from '../../resolve/composite-id.ts';
import { requireModel } from '../../resolve/resolve-model.ts';
import type { Fetch } from '../../upstream/ask.ts';
import { LlamaSwapApi } from '../../upstream/llama-swap-api.ts';
import {
  toManagementError,
  toTimeoutMessage,
  toUnknownModelMessage,
} from '../../upstream/management-error.ts';
import { toRefusedMessage } from '../../upstream/refused-message.ts';
import { toUnreachableMessage } from '../../upstream/unreachable-error.ts';
import { bodyErrors, describe, idErrors, jsonAnswer, pathParameter } from '../describe.ts';
import { runningExample, unloadedExample } from '../examples.ts';
import {
  allowJsonBody,
  limitBody,
  requireJsonBody,
  validateJson,
  type JsonInput,
} from '../json-body.ts';
import { runningSchema, unloadByIdSchema, unloadedSchema, unloadSchema } from '../schemas.ts';
import { requireProviders } from '../view.ts';

/** A host answers once the model's process has stopped, which may first be given ten seconds to do so. In milliseconds. */
const UNLOAD_TIMEOUT_MS = 30_000;

const TAG = 'management';
const nameParameter = pathParameter('name', 'A provider’s name.');
const example = { name: 'sam-desktop', kind: 'llama-swap' } as const;
const answers = {
  200: jsonAnswer('It was unloaded', { schema: unloadedSchema, example: unloadedExample }),
};

const hostErrors = {
  unsupported_by_provider: toUnmanagedMessage('deepseek'),
  invalid_response: toRefusedMessage({ ...example, token: 'key' }, 401),
  provider_unreachable: toUnreachableMessage('ECONNREFUSED', example),
  provider_timeout: toTimeoutMessage(example.name, 2000),
} as const;

const unloadErrors = {
  ...idErrors,
  ...bodyErrors,
  ...hostErrors,
  invalid_request: 'The body does not fit: "model": expected a string.',
  not_found: toUnknownModelMessage(example.name, 'nothing'),
} as const;

/** What hosts have loaded, and what unloads it. Reading is GET, changing never is. */
export function managementRoutes(options: {
  settings: Settings;
  fetch: Fetch;
  bodyLimits: BodyLimits;
}) {
  const { settings, fetch, bodyLimits } = options;
  const { registry } = settings;

  async function unload(provider: Provider, model: string | null) {
    const api = new LlamaSwapApi({ provider, fetch });
    const asked = { provider, model, timeoutMs: UNLOAD_TIMEOUT_MS };
    await api.unload(model, AbortSignal.timeout(UNLOAD_TIMEOUT_MS)).catch((cause: unknown) => {
      throw toManagementError(cause, asked);
    });
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
          summary: 'What a llama-swap host has loaded, in its own words',
          parameters: [nameParameter],
          answers: {
            200: jsonAnswer('What is loaded; cmd and proxy of each are left out', {
              schema: runningSchema,
              example: runningExample,
            }),
          },
          errors: {
            unknown_provider: NO_SUCH_PROVIDER_MESSAGE,
            no_providers: idErrors.no_providers,
            ...hostErrors,
          },
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
          summary: 'Unloads one model of a llama-swap host, by its own name there, or all',
          parameters: [nameParameter],
          answers,
          errors: { ...unloadErrors, unknown_provider: NO_SUCH_PROVIDER_MESSAGE },
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
