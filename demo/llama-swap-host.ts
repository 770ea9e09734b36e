// A simulated llama-swap host. The demo shows it to new users, and the tests use it as a fake.
// Its answers must be llama-swap's answers, and nothing here is adapted to Paddock.
// It must not bind a port: `listen` does that.
import { Hono } from 'hono';
import { extractApiKey } from './api-key.ts';
import { createModelTable } from './demo-model.ts';
import type { DemoModel } from './demo-model.ts';
import { createFailureRenderer } from './host-errors.ts';
import { createHostLog } from './host-log.ts';
import type { HostState } from './host-state.ts';
import { mountInference } from './inference-routes.ts';
import { mountLogs } from './log-routes.ts';
import { mountManagement } from './management-routes.ts';
import type { ModelGroup } from './model-groups.ts';
import { createModelLoader } from './model-loader.ts';
import type { ModelChange } from './model-loader.ts';
import { createModelServer } from './model-server.ts';
import { createProfileTable } from './profiles.ts';
import type { Profile } from './profiles.ts';
import type { Release } from './release.ts';
import { writeDemoReply } from './reply.ts';
import type { ReplyWriter } from './reply.ts';
import { createSimulatedHost } from './simulated-host.ts';
import type { SimulatedHost } from './simulated-host.ts';
import { sleep as sleepOnClock } from './sleep.ts';
import type { Sleep } from './sleep.ts';

/** The options of a simulated host. */
export interface LlamaSwapHostOptions {
  /** The host's name in its replies. */
  name: string;
  models: DemoModel[];
  /** The key that requests must carry. Without it, the host needs no key. */
  apiKey?: string;
  release?: Release;
  /** The IDs of the models that are loaded at the start. */
  loaded?: string | string[];
  /** Which models may be loaded together; without groups, one model at a time. */
  groups?: ModelGroup[];
  profiles?: Profile[];
  /** The ID of the profile that is active at the start. */
  activeProfile?: string;
  /** The waiting and running requests that one model accepts before it answers 429; 10 by default. */
  concurrencyLimit?: number;
  /** The tokens per second that a model writes; 45 by default. */
  tokensPerSecond?: number;
  /** Waits for loads, stops and the speed of replies; uses the real clock by default. */
  sleep?: Sleep;
  /** Writes the text of replies, for example to chats, messages and prompts. */
  reply?: ReplyWriter;
}

/** A simulated llama-swap. */
export interface LlamaSwapHost extends SimulatedHost {
  /** Returns how many clients follow the log. */
  logReaders(): number;
}

/** Creates a simulated host. It does not listen until its `fetch` is passed to `listen`. */
export function createLlamaSwapHost(options: LlamaSwapHostOptions): LlamaSwapHost {
  const state = createState(options);
  return {
    ...createSimulatedHost(state, createApp(state, options.apiKey)),
    logReaders: () => state.log.followers,
  };
}

/** The lines that the host and the model's server log at each change. */
const CHANGE_LINES: Record<ModelChange, { own: string; model: (model: DemoModel) => string }> = {
  starting: {
    own: 'Executing start command: llama-server --port 5801',
    model: ({ id }) => `srv    load_model: loading model '/srv/models/${id}.gguf'`,
  },
  ready: {
    own: 'Health check passed on http://localhost:5801/health',
    model: () => 'main: server is listening on http://127.0.0.1:5801',
  },
  failed: {
    own: 'Process exited before it was ready',
    model: ({ startError }) => `srv    load_model: failed to load model: ${startError}`,
  },
  stopped: { own: 'Stopped', model: () => 'srv    operator(): cleaning up before exit...' },
};

function createState(options: LlamaSwapHostOptions): HostState {
  const { name, release = 'current', sleep = sleepOnClock, reply = writeDemoReply } = options;
  const models = createModelTable(options.models);
  const loaded = [options.loaded ?? []].flat().flatMap((id) => models.find(id) ?? []);
  const { concurrencyLimit = 10, tokensPerSecond = 45, groups = [] } = options;
  const log = createHostLog();
  const onChange = (model: DemoModel, change: ModelChange) => {
    const lines = CHANGE_LINES[change];
    log.writeOwn(`[INFO] <${model.id}> ${lines.own}`);
    log.writeModel(model.id, lines.model(model));
  };
  return {
    name,
    release,
    models,
    loader: createModelLoader({ sleep, concurrencyLimit, loaded, groups, onChange }),
    log,
    server: createModelServer({ sleep, reply, tokensPerSecond }),
    profiles: createProfileTable(options.profiles ?? [], options.activeProfile ?? null),
    sleep,
    renderFailure: createFailureRenderer(release),
  };
}

function createApp(state: HostState, apiKey: string | undefined): Hono {
  const app = new Hono();
  app.get('/', (c) => c.text(`llama-swap (simulated): ${state.name}\n`));
  app.get('/health', (c) => c.text('OK'));
  app.get('/wol-health', (c) => c.text('OK'));
  app.use(async (c, next) => {
    if (apiKey === undefined || extractApiKey(c.req.raw.headers) === apiKey) return next();
    return state.renderFailure(c.req.raw, {
      status: 401,
      message: 'unauthorized: invalid or missing API key',
      headers: { 'www-authenticate': 'Basic realm="llama-swap"' },
    });
  });
  mountManagement(app, state);
  mountLogs(app, state);
  mountInference(app, state);
  app.notFound((c) => c.text('404 page not found\n', 404));
  return app;
}
