// Answers as the demo herd gives them, for the OpenAPI document.

const model = {
  id: 'sam-desktop/qwen3.6-27b',
  provider: 'sam-desktop',
  model: 'qwen3.6-27b',
  name: 'Qwen 3.6 27B',
  description: null,
  kind: 'model',
  peer: null,
  favorite: true,
  state: 'ready',
  contextWindow: 65536,
  contextSource: 'declared',
  aliases: [],
  capabilities: ['function_calling'],
  modalities: { input: [], output: [] },
  alsoOn: ['lab-server/qwen3.6-27b'],
} as const;

const provider = {
  name: 'sam-desktop',
  label: "Sam's desktop",
  kind: 'llama-swap',
  default: true,
  sidecar: false,
  can: { running: true, unload: true, upstream: true },
  status: 'online',
  error: null,
  checkedAt: '2026-11-22T09:30:00.000Z',
  lastSeenAt: '2026-11-22T09:30:00.000Z',
  latencyMs: 4,
} as const;

/** One favorite. */
export const favoriteExample = {
  id: model.id,
  position: 0,
  createdAt: '2026-11-22T09:29:00.000Z',
  available: true,
} as const;

/** A catalog of one model. */
export const catalogExample = {
  generatedAt: '2026-11-22T09:30:00.000Z',
  defaultModel: { id: model.id, available: true },
  favorites: [model],
  hiddenFavorites: 0,
  providers: [{ ...provider, models: [model] }],
} as const;

/** The providers of that catalog. */
export const providersExample = { providers: [{ ...provider, modelCount: 1 }] } as const;

/** The model as OpenAI describes it. */
export const openAiModelExample = {
  id: model.id,
  object: 'model',
  created: 0,
  owned_by: 'sam-desktop',
  context_length: 65536,
} as const;

/** What its bare ID means. */
export const resolutionExample = {
  id: model.id,
  provider: 'sam-desktop',
  model: 'qwen3.6-27b',
  kind: 'llama-swap',
  via: 'bare',
  upstream: { inference: 'http://sam-desktop:8080', management: 'http://sam-desktop:8080' },
  available: true,
  contextWindow: 65536,
  contextSource: 'declared',
} as const;

/** Its context window. */
export const contextExample = {
  id: model.id,
  contextWindow: 65536,
  contextSource: 'declared',
} as const;

/** The roles where DEFAULT_MODEL alone is set. */
export const rolesExample = {
  roles: {
    default: resolutionExample,
    task: resolutionExample,
    compaction: resolutionExample,
    arena: [],
  },
} as const;

/** What its host has loaded. */
export const runningExample = {
  running: [{ model: model.model, state: 'ready', ttl: 0, name: model.name, description: '' }],
} as const;

/** What is answered once it was unloaded. */
export const unloadedExample = { provider: model.provider, model: model.model } as const;

const { error: _error, ...host } = provider;

/** What the doctor says of that herd. */
export const doctorExample = {
  ok: true,
  findings: [
    {
      level: 'note',
      subject: 'models',
      code: 'shared_names',
      message:
        'On several hosts: qwen3.6-27b. A bare ID means the one of sam-desktop: write provider/model for another.',
    },
  ],
  hosts: [{ ...host, modelCount: 1, release: '251' }],
} as const;

/** All that is to say where everything is well. */
export const okExample = { status: 'ok' } as const;

/** A configuration for opencode, with that one model. */
export const opencodeExample = {
  $schema: 'https://opencode.ai/config.json',
  provider: {
    paddock: {
      npm: '@ai-sdk/openai-compatible',
      name: 'Paddock',
      options: { baseURL: 'http://127.0.0.1:8400/v1', headerTimeout: false },
      models: {
        [model.id]: {
          name: "Qwen 3.6 27B (Sam's desktop)",
          limit: { context: 65536, output: 14384 },
        },
      },
    },
  },
  model: `paddock/${model.id}`,
  small_model: `paddock/${model.id}`,
} as const;

/** The beginning of what Prometheus reads. */
export const metricsExample = `# HELP paddock_provider_up Whether a provider was online when it was last probed.
# TYPE paddock_provider_up gauge
paddock_provider_up{provider="sam-desktop"} 1
paddock_provider_up{provider="lab-server"} 0
`;
