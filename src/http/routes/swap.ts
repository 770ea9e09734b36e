import { Hono, type Context, type Env } from 'hono';
import { runningEverywhereAnswer } from '../../catalog/swap-models.ts';
import type { BodyLimits } from '../../gateway/read-bytes.ts';
import { requireManaged } from '../../registry/require-provider.ts';
import type { ResolvedModel } from '../../resolve/resolve-model.ts';
import type { ValueOf } from '../../schema.ts';
import type { Settings } from '../../settings/settings.ts';
import { toBackground } from '../background.ts';
import { readJsonBody, validateJson, type JsonInput } from '../json-body.ts';
import type { ResolveNoted } from '../note-bare-id.ts';
import type { LoadModel } from '../load-model.ts';
import type { UnloadModel } from '../unload-model.ts';
import {
  bodyErrors,
  describe,
  ID_SEGMENT,
  idErrors,
  jsonAnswer,
  textAnswer,
} from '../openapi/describe.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import { requireProviders, type CatalogView } from '../view.ts';
import { readPathId } from './read-path-id.ts';
import {
  routerModelSchema,
  successAnswer,
  unloadedAllAnswer,
  versionAnswer,
} from './swap-schemas.ts';

const TAG = 'llama-swap';
const UNLOAD = '/api/models/unload';

const errors = [
  ...idErrors,
  'unsupported_by_provider',
  'invalid_response',
  'provider_unreachable',
  'not_found',
] as const;
const unloadErrors = [...errors, 'provider_timeout'] as const;

/** Creates the management routes of llama-swap and of llama.cpp's router, over all providers. */
export function swapRoutes(options: {
  settings: Settings;
  view: CatalogView;
  bodyLimits: BodyLimits;
  loadModel: LoadModel;
  unloadModel: UnloadModel;
  resolveNoted: ResolveNoted;
}) {
  const { settings, view, bodyLimits, loadModel, unloadModel, resolveNoted } = options;
  const { registry } = settings;

  function resolve(c: Context, id: string): ResolvedModel {
    requireProviders(settings);
    return resolveNoted(c, id);
  }

  async function unloadById(c: Context, id: string): Promise<void> {
    const { provider, model } = resolve(c, id);
    await unloadModel(requireManaged(provider, { registry, can: 'unload' }), model);
  }

  /** Unloads the models of all online providers. An offline provider has none that Paddock could unload. */
  async function unloadAll(c: Context): Promise<void> {
    const { providers } = await view.read({ refresh: false, background: toBackground(c) });
    const unloading = providers
      .filter(({ status, can }) => status === 'online' && can.unload)
      .map(({ name }) => unloadModel(requireManaged(name, { registry, can: 'unload' }), null));
    for (const unloaded of await Promise.allSettled(unloading)) {
      if (unloaded.status === 'rejected') throw unloaded.reason;
    }
  }

  return new Hono()
    .get(
      '/running',
      describe(
        {
          tag: TAG,
          summary: 'The loaded models of all providers',
          answers: { 200: jsonAnswer('The loaded models', runningEverywhereAnswer) },
          errors: ['no_providers'],
        },
        async (c) => {
          const { running } = await view.read({ refresh: false, background: toBackground(c) });
          return c.json({ running } as ValueOf<typeof runningEverywhereAnswer>, 200);
        },
      ),
    )
    .get(
      '/api/version',
      describe(
        {
          tag: TAG,
          summary:
            'The release of llama-swap whose API Paddock follows, also for clients of Ollama',
          answers: { 200: jsonAnswer('The version', versionAnswer) },
        },
        (c) => c.json(versionAnswer.example, 200),
      ),
    )
    .post(
      UNLOAD,
      describe(
        {
          tag: TAG,
          summary: 'Unloads all models of all online providers',
          answers: { 200: jsonAnswer('All were unloaded', unloadedAllAnswer) },
          errors: ['no_providers', 'invalid_response', 'provider_unreachable', 'provider_timeout'],
        },
        async (c) => {
          await unloadAll(c);
          return c.json(unloadedAllAnswer.example, 200);
        },
      ),
    )
    .post(
      `${UNLOAD}/${ID_SEGMENT}`,
      describe(
        {
          tag: TAG,
          summary: 'Unloads a model by its ID',
          parameters: [PARAMETERS.ModelIdInPath],
          answers: { 200: textAnswer('It was unloaded', { type: 'text/plain', example: 'OK' }) },
          errors: unloadErrors,
        },
        async (c) => {
          await unloadById(c, readPathId(c, `${UNLOAD}/`));
          return c.text('OK', 200);
        },
      ),
    )
    .post(
      '/models/load',
      readJsonBody(bodyLimits),
      validateJson(routerModelSchema),
      describe(
        {
          tag: TAG,
          summary:
            'Loads a model by its ID, as llama.cpp’s router does, and answers when it is ready',
          answers: { 200: jsonAnswer('It is ready', successAnswer) },
          errors: [...errors, ...bodyErrors, 'invalid_request'],
        },
        async (c: Context<Env, '/models/load', JsonInput<typeof routerModelSchema>>) => {
          await loadModel(c, resolve(c, c.req.valid('json').model));
          return c.json(successAnswer.example, 200);
        },
      ),
    )
    .post(
      '/models/unload',
      readJsonBody(bodyLimits),
      validateJson(routerModelSchema),
      describe(
        {
          tag: TAG,
          summary: 'Unloads a model by its ID, as llama.cpp’s router does',
          answers: { 200: jsonAnswer('It was unloaded', successAnswer) },
          errors: [...unloadErrors, ...bodyErrors, 'invalid_request'],
        },
        async (c: Context<Env, '/models/unload', JsonInput<typeof routerModelSchema>>) => {
          await unloadById(c, c.req.valid('json').model);
          return c.json(successAnswer.example, 200);
        },
      ),
    );
}
