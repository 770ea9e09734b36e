import type { DemoModel } from './demo-model.ts';
import type { ModelLoader, ModelState } from './model-loader.ts';
import type { Release } from './release.ts';

/** The state of the host that the models list shows. */
export interface RecordOptions {
  loader: Pick<ModelLoader, 'stateOf'>;
  /** The time of the request, in seconds. */
  created: number;
  release: Release;
}

/** Returns the records of `GET /v1/models`, sorted by ID, without unlisted models. */
export function toModelRecords(models: DemoModel[], options: RecordOptions): object[] {
  const listed = models.filter((model) => !model.unlisted);
  return listed.map((model) => toModelRecord(model, options));
}

function toModelRecord(model: DemoModel, options: RecordOptions): object {
  const record = {
    id: model.id,
    object: 'model',
    created: options.created,
    owned_by: 'llama-swap',
    ...(model.name && { name: model.name }),
    ...(model.description && { description: model.description }),
  };
  return options.release === 'old' ? record : { ...record, ...toCurrentFields(model, options) };
}

/** Returns the entries of `GET /running`. Peers and stopped models have none. */
export function toRunningEntries(
  models: DemoModel[],
  loader: Pick<ModelLoader, 'stateOf'>,
): RunningEntry[] {
  return models.flatMap((model, index) => {
    const state = model.peer === undefined ? loader.stateOf(model.id) : undefined;
    if (state === undefined) return [];
    const port = 5800 + index;
    return {
      model: model.id,
      state,
      cmd: model.cmd ?? `llama-server --port ${port} --model /srv/models/${model.id}.gguf`,
      proxy: `http://localhost:${port}`,
      ttl: model.ttl ?? 0,
      name: model.name ?? '',
      description: model.description ?? '',
    };
  });
}

/** One entry of `GET /running`. */
export interface RunningEntry {
  model: string;
  state: ModelState;
  cmd: string;
  proxy: string;
  ttl: number;
  name: string;
  description: string;
}

/** Fields since v225; `meta.llamaswap.type`, `aliases`, `n_ctx` and `status` came later. */
function toCurrentFields(model: DemoModel, { loader, release }: RecordOptions): object {
  const isCurrent = release === 'current';
  if (model.peer !== undefined) {
    return {
      name: `${model.peer}: ${model.id}`,
      meta: { llamaswap: { ...(isCurrent && { type: 'peer' }), peerID: model.peer } },
      ...(isCurrent && { status: { value: 'unloaded' } }),
    };
  }
  const { contextLength, aliases } = model;
  const fields = {
    ...toCapabilityFields(model.capabilities ?? []),
    ...(contextLength && { context_length: contextLength }),
  };
  if (!isCurrent) return fields;
  return {
    ...fields,
    meta: {
      llamaswap: { type: 'model', ...(aliases?.length && { aliases }) },
      ...(contextLength && { n_ctx: contextLength }),
    },
    status: { value: loader.stateOf(model.id) ? 'loaded' : 'unloaded' },
  };
}

const MODALITIES: Record<string, { input: string[]; output: string[] }> = {
  vision: { input: ['text', 'image'], output: ['text'] },
  audio_transcriptions: { input: ['audio'], output: ['text'] },
  audio_speech: { input: ['text'], output: ['audio'] },
  image_generation: { input: ['text'], output: ['image'] },
  image_to_image: { input: ['image'], output: ['image'] },
};

function toCapabilityFields(names: string[]): object {
  if (names.length === 0) return {};
  const modalities = names.flatMap((name) => MODALITIES[name] ?? []);
  const input = [...new Set(modalities.flatMap((entry) => entry.input))];
  const output = [...new Set(modalities.flatMap((entry) => entry.output))];
  const architecture = {
    input_modalities: input,
    output_modalities: output,
    modality: `${input.join('+')}->${output.join('+')}`,
  };
  return {
    ...(modalities.length > 0 && { architecture }),
    capabilities: Object.fromEntries(names.map((name) => [name, true])),
    ...(names.includes('function_calling') && { supported_parameters: ['tools', 'tool_choice'] }),
  };
}
