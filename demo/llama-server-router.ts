// A simulated llama-server in router mode, which starts a server for each model. As with the simulated llama-swap, its
// answers must be llama-server's answers, and it must not bind a port.
import { Hono } from 'hono';
import type { Context } from 'hono';
import { extractApiKey } from './api-key.ts';
import { createModelTable } from './demo-model.ts';
import type { DemoModel } from './demo-model.ts';
import { createHostLog } from './host-log.ts';
import type { HostState } from './host-state.ts';
import { mountBodyRoutes, mountQueryRoute } from './inference-routes.ts';
import type { LlamaSwapHostOptions } from './llama-swap-host.ts';
import { createModelLoader } from './model-loader.ts';
import { createModelServer } from './model-server.ts';
import { createProfileTable } from './profiles.ts';
import { writeDemoReply } from './reply.ts';
import { toServerError } from './server-error.ts';
import { createSimulatedHost } from './simulated-host.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { sleep as sleepOnClock } from './sleep.ts';

/** The options of a simulated router. Its models do not evict one another. */
export type LlamaServerRouterOptions = Omit<
  LlamaSwapHostOptions,
  'release' | 'groups' | 'profiles' | 'activeProfile'
>;

/** Creates a simulated router. It does not listen until its `fetch` is passed to `listen`. */
export function createLlamaServerRouter(options: LlamaServerRouterOptions): SimulatedHost {
  const state = createState(options);
  return createSimulatedHost(state, createApp(state, options.apiKey));
}

function createState(options: LlamaServerRouterOptions): HostState {
  const { name, sleep = sleepOnClock, reply = writeDemoReply } = options;
  const models = createModelTable(options.models);
  const loaded = [options.loaded ?? []].flat().flatMap((id) => models.find(id) ?? []);
  const { concurrencyLimit = 100, tokensPerSecond = 45 } = options;
  const members = models.list.map(({ id }) => id);
  const groups = [{ swap: false, exclusive: false, members }];
  return {
    name,
    release: 'current',
    models,
    loader: createModelLoader({ sleep, concurrencyLimit, loaded, groups }),
    log: createHostLog(),
    server: createModelServer({ sleep, reply, tokensPerSecond }),
    profiles: createProfileTable([], null),
    sleep,
    renderFailure: (_, { status, message }) => toServerError(status, message),
  };
}

function createApp(state: HostState, apiKey: string | undefined): Hono {
  const app = new Hono();
  const list = (c: Context) => c.json(toList(state));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  // llama-server lists its models without a key.
  app.get('/v1/models', list);
  app.get('/models', list);
  app.use(async (c, next) => {
    if (apiKey === undefined || extractApiKey(c.req.raw.headers) === apiKey) return next();
    return toServerError(401, 'Invalid API Key');
  });
  app.post('/models/load', (c) => changeModel(c, { state, change: load }));
  app.post('/models/unload', (c) => changeModel(c, { state, change: unload }));
  mountBodyRoutes(app, state);
  mountQueryRoute(app, { path: '/props', state, withoutModel: () => Response.json(ROUTER_PROPS) });
  app.notFound(() => toServerError(404, 'File Not Found'));
  return app;
}

/** `GET /props` without a model. */
const ROUTER_PROPS = {
  role: 'router',
  model_alias: 'llama-server',
  model_path: 'none',
  default_generation_settings: { n_ctx: 0, params: null },
  build_info: 'b9120-demo',
};

function toList({ models, loader }: HostState): object {
  const data = models.list
    .filter(({ unlisted }) => unlisted !== true)
    .map((model) => {
      const process = loader.stateOf(model.id);
      const hasFailed = model.startError !== undefined && loader.loads.has(model.id);
      // A model that stops is called loaded until its server has ended.
      const running = process === 'starting' ? 'loading' : 'loaded';
      const value = process === undefined ? 'unloaded' : running;
      const failure = hasFailed && process === undefined ? { failed: true, exit_code: 1 } : {};
      return {
        id: model.id,
        aliases: model.aliases ?? [],
        tags: [],
        object: 'model',
        owned_by: 'llamacpp',
        created: 0,
        architecture: {
          input_modalities: model.capabilities?.includes('vision') ? ['text', 'image'] : ['text'],
          output_modalities: ['text'],
        },
        status: { value, args: toArguments(model), ...failure },
      };
    });
  return { data, object: 'list' };
}

function toArguments(model: DemoModel): string[] {
  const size = model.contextLength ?? model.runtimeContext;
  const own = size === undefined ? [] : ['--ctx-size', String(size)];
  return ['llama-server', '--model', `/srv/models/${model.id}.gguf`, '--port', '0', ...own];
}

type Change = (state: HostState, model: DemoModel) => Response;

async function changeModel(
  c: Context,
  { state, change }: { state: HostState; change: Change },
): Promise<Response> {
  const { model: name } = (await c.req.json()) as { model?: unknown };
  const model = typeof name === 'string' ? state.models.find(name) : undefined;
  return model === undefined ? toServerError(404, 'model not found') : change(state, model);
}

/** Starts a model, and answers before it is ready. */
function load({ loader }: HostState, model: DemoModel): Response {
  if (loader.stateOf(model.id) !== undefined) return toServerError(400, 'model is already running');
  void loader.acquire(model).then((admission) => admission.ok && admission.lease.release());
  return Response.json({ success: true });
}

/** Stops a model, and answers before it has stopped. */
function unload({ loader }: HostState, model: DemoModel): Response {
  if (loader.stateOf(model.id) === undefined) return toServerError(400, 'model is not running');
  void loader.unload([model.id]);
  return Response.json({ success: true });
}
