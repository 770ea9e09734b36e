// The answers of simulated llama-swap providers. They are the same in every run.

const FAMILIES = [
  'qwen3',
  'qwen3-coder',
  'qwen3-vl',
  'gpt-oss',
  'gemma-4',
  'devstral-small',
  'mistral-large',
  'glm-4.5',
  'llama-4',
  'deepseek-r1-distill',
];
const SIZES = ['0.6b', '4b', '8b', '12b', '20b', '27b', '32b', '70b', '120b', '235b-a22b'];
const QUANTS = ['q4_k_m', 'q5_k_m', 'q6_k', 'q8_0', 'iq3_xxs', 'iq4_xs', 'mxfp4', 'bf16'];
const CONTEXTS = [8192, 32_768, 65_536, 131_072];
const CAPABILITIES = [['function_calling'], ['function_calling', 'vision'], ['reranker'], []];

/** The share of a provider's models that the next provider also has. */
const SHARED = 0.2;

/** The model names of a provider. */
function toModelNames(provider: number, count: number): string[] {
  const first = Math.round(provider * count * (1 - SHARED));
  return Array.from({ length: count }, (_, index) => toModelName(first + index));
}

/** A provider's answer at `/v1/models`. */
export function toModelList(provider: number, count: number) {
  return { object: 'list', data: toModelNames(provider, count).map(toRecord) };
}

/** A provider's answer at `/running`: its first model is loaded. */
export function toRunning(provider: number, count: number) {
  const model = toModelNames(provider, count)[0];
  return {
    running: [
      {
        model,
        state: 'ready',
        cmd: `llama-server --port 5800 --model /srv/models/${model}.gguf`,
        proxy: 'http://localhost:5800',
        ttl: 0,
        name: '',
        description: '',
      },
    ],
  };
}

function toModelName(number: number): string {
  const family = pick(FAMILIES, number);
  const size = pick(SIZES, Math.floor(number / FAMILIES.length));
  const batch = Math.floor(number / (FAMILIES.length * SIZES.length));
  const release = Math.floor(batch / QUANTS.length);
  return `${family}-${size}-${pick(QUANTS, batch)}${release === 0 ? '' : `-r${release}`}`;
}

function toRecord(id: string, index: number): object {
  const context = pick(CONTEXTS, index);
  const names = pick(CAPABILITIES, index);
  return {
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'llama-swap',
    name: id.replaceAll('-', ' '),
    ...(index % 2 === 0 && {
      description: `Chat, tools and long documents, up to ${context} tokens`,
    }),
    architecture: {
      input_modalities: ['text'],
      output_modalities: ['text'],
      modality: 'text->text',
    },
    capabilities: Object.fromEntries(names.map((name) => [name, true])),
    context_length: context,
    meta: {
      llamaswap: { type: 'model', ...(index % 10 === 0 && { aliases: [`${id}-latest`] }) },
      n_ctx: context,
    },
    status: { value: index === 0 ? 'loaded' : 'unloaded' },
  };
}

function pick<T>(values: readonly T[], number: number): T {
  return values[number % values.length] as T;
}
