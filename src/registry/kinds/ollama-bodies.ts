import * as v from 'valibot';
import type { Body } from '../own-request.ts';
import type { LearnedModel } from '../provider-kind.ts';
import { MAX_MODELS, type Modalities } from '../provider-models.ts';
import { readNames, toTokens } from './wire-values.ts';

const word = v.fallback(v.nullable(v.string()), null);
const tokens = v.pipe(v.optional(v.unknown(), null), v.transform(toTokens));
const names = v.pipe(v.optional(v.unknown(), null), v.transform(readNames));

/** `GET /api/tags` and `GET /api/ps`. Both send `null` for no models. */
const MODELS = v.pipe(
  v.object({ models: v.nullable(v.array(v.unknown())) }),
  v.transform(({ models }) => models ?? []),
);

/** `GET /api/tags`: the models on disk, unchecked. */
export const TAGS: Body<readonly unknown[]> = {
  expected: 'a list of models',
  // One extra entry shows that the list is longer than the limit.
  list: { name: 'models', maxEntries: MAX_MODELS + 1 },
  schema: MODELS,
};

/** `GET /api/ps`: the models in memory, unchecked. */
export const PS: Body<readonly unknown[]> = {
  expected: 'a list of loaded models',
  list: { name: 'models', maxEntries: 1000 },
  schema: MODELS,
};

/** An entry of `/api/tags`. Releases before 2026 have neither `capabilities` nor a context length. */
export const TAG = v.object({
  name: v.string(),
  digest: word,
  remote_host: word,
  capabilities: names,
  details: v.fallback(v.object({ context_length: tokens }), { context_length: null }),
});

/** An entry of `/api/ps`. Releases before v0.11 have no context length. */
export const PROCESS = v.object({ name: v.string(), context_length: tokens });

/** `POST /api/show`, which reads a model's file and does not load it. */
export const SHOW: Body<LearnedModel> = {
  expected: 'the description of a model',
  schema: v.pipe(
    v.object({
      capabilities: names,
      model_info: v.fallback(v.record(v.string(), v.unknown()), {}),
    }),
    v.transform(({ capabilities, model_info: info }) => ({
      ...describe(capabilities),
      // The key begins with the architecture: `llama.context_length`.
      maxContext: toTokens(
        Object.entries(info).find(([key]) => key.endsWith('.context_length'))?.[1],
      ),
    })),
  ),
};

/** `GET /api/version`. llama-swap's has two more fields. */
export const OLLAMA_VERSION: Body<string> = {
  expected: 'a version',
  schema: v.pipe(
    v.looseObject({ version: v.string() }),
    v.check((body) => !('commit' in body) && !('build_date' in body)),
    v.transform(({ version }) => version),
  ),
};

/** Ollama's names for what a model can do (`types/model/capability.go`), and those that the catalog uses. */
const CAPABILITIES: ReadonlyMap<string, string> = new Map([
  ['tools', 'function_calling'],
  ['thinking', 'reasoning'],
  ['embedding', 'embedding'],
  ['image', 'image_generation'],
]);

/** Translates Ollama's capabilities. */
export function describe(abilities: readonly string[]): {
  readonly capabilities: readonly string[];
  readonly modalities: Modalities;
} {
  const inputs = [
    ...(abilities.includes('vision') ? ['image'] : []),
    ...(abilities.includes('audio') ? ['audio'] : []),
  ];
  return {
    capabilities: abilities.flatMap((name) => CAPABILITIES.get(name) ?? []),
    modalities: {
      input: abilities.length === 0 ? [] : ['text', ...inputs],
      output: abilities.includes('image')
        ? ['image']
        : abilities.includes('completion')
          ? ['text']
          : [],
    },
  };
}
