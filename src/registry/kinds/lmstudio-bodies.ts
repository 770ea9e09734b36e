import * as v from 'valibot';
import { findIdFault } from '../../resolve/composite-id.ts';
import type { Body } from '../own-request.ts';
import { MAX_MODELS, type ListRecord } from '../provider-models.ts';
import { readFlags, readNames, toTokens } from './wire-values.ts';

const word = v.fallback(v.nullable(v.string()), null);
const tokens = v.pipe(v.optional(v.unknown(), null), v.transform(toTokens));
const usableId = v.pipe(
  v.string(),
  v.check((id) => findIdFault(id) === null),
);

/** A model of an LM Studio. */
export interface LmStudioModel extends Pick<
  ListRecord,
  'id' | 'name' | 'description' | 'capabilities'
> {
  readonly hasVision: boolean;
  readonly maxContext: number | null;
  /** Its loaded instances, which are names of the model too, and the context window of each, in tokens or null. */
  readonly instances: readonly { readonly id: string; readonly window: number | null }[];
}

/** `GET /api/v1/models` (LM Studio 0.4). Older releases answer any path with 200 and `{"error":...}`. */
export const CURRENT: Body<readonly unknown[]> = {
  expected: 'a list of models of LM Studio',
  list: { name: 'models', maxEntries: MAX_MODELS + 1 },
  schema: v.pipe(
    v.object({ models: v.array(v.unknown()) }),
    v.check(({ models }) => models.every((model) => Array.isArray(Object(model).loaded_instances))),
    v.transform(({ models }) => models),
  ),
};

/** `GET /api/v0/models` (LM Studio 0.3.6). */
export const OLD: Body<readonly unknown[]> = {
  expected: 'a list of models of LM Studio',
  list: { name: 'data', maxEntries: MAX_MODELS + 1 },
  schema: v.pipe(
    v.object({ data: v.array(v.unknown()) }),
    v.check(({ data }) => data.every((model) => typeof Object(model).state === 'string')),
    v.transform(({ data }) => data),
  ),
};

const CURRENT_ENTRY = v.object({
  key: usableId,
  type: word,
  display_name: word,
  description: word,
  max_context_length: tokens,
  capabilities: v.pipe(v.optional(v.unknown(), null), v.transform(readFlags)),
  loaded_instances: v.array(
    v.fallback(
      v.nullable(
        v.object({
          id: usableId,
          config: v.fallback(v.object({ context_length: tokens }), { context_length: null }),
        }),
      ),
      null,
    ),
  ),
});

const OLD_ENTRY = v.object({
  id: usableId,
  type: word,
  state: v.string(),
  max_context_length: tokens,
  loaded_context_length: tokens,
  capabilities: v.pipe(v.optional(v.unknown(), null), v.transform(readNames)),
});

/** Returns the model of an entry of the current list; null if no request can name it. */
export function toCurrent(entry: unknown): LmStudioModel | null {
  const { success, output } = v.safeParse(CURRENT_ENTRY, entry);
  if (!success) return null;
  const { key, type, display_name: name, description, capabilities } = output;
  const isTool = capabilities.includes('trained_for_tool_use');
  return {
    id: key,
    name: name || null,
    description: description || null,
    capabilities: toCapabilities({ isTool, isEmbedding: type === 'embedding' }),
    hasVision: capabilities.includes('vision'),
    maxContext: output.max_context_length,
    instances: output.loaded_instances.flatMap((instance) =>
      instance === null ? [] : [{ id: instance.id, window: instance.config.context_length }],
    ),
  };
}

/** Returns the model of an entry of the older list; null if no request can name it. */
export function toOld(entry: unknown): LmStudioModel | null {
  const { success, output } = v.safeParse(OLD_ENTRY, entry);
  if (!success) return null;
  const { id, type, state, capabilities, loaded_context_length: window } = output;
  const isTool = capabilities.includes('tool_use');
  return {
    id,
    name: null,
    description: null,
    capabilities: toCapabilities({ isTool, isEmbedding: type === 'embeddings' }),
    hasVision: type === 'vlm',
    maxContext: output.max_context_length,
    instances: state === 'loaded' ? [{ id, window }] : [],
  };
}

function toCapabilities({ isTool, isEmbedding }: { isTool: boolean; isEmbedding: boolean }) {
  return [...(isTool ? ['function_calling'] : []), ...(isEmbedding ? ['embedding'] : [])];
}
