import * as v from 'valibot';
import { findIdFault } from '../../resolve/composite-id.ts';
import type { Failure, Outcome } from '../outcome.ts';
import type { Ask, Body } from '../own-request.ts';
import { MAX_MODELS, type ListRecord, toPlainRecord } from '../provider-models.ts';
import { cutText, readFlags, readNames, toTokens } from './wire-values.ts';

const LONGEST_NAME = 512;
const LONGEST_DESCRIPTION = 4096;

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
const CURRENT: Body<readonly unknown[]> = {
  expected: 'a list of models of LM Studio',
  list: { name: 'models', maxEntries: MAX_MODELS + 1 },
  schema: v.pipe(
    v.object({ models: v.array(v.unknown()) }),
    v.check(({ models }) => models.every((model) => Array.isArray(Object(model).loaded_instances))),
    v.transform(({ models }) => models),
  ),
};

/** `GET /api/v0/models` (LM Studio 0.3.6). */
const OLD: Body<readonly unknown[]> = {
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

/** The models of an LM Studio, as its release lists them. */
export interface LmStudioList {
  /** The entries of its list, unchecked: there may be 10,000. */
  readonly entries: readonly unknown[];
  /** Whether its release loads and unloads models on request. */
  readonly isCurrent: boolean;
  /** The model of an entry; null if no request can name it. */
  readonly toModel: (entry: unknown) => LmStudioModel | null;
}

/** The failure of a release that neither loads nor unloads models on request. */
export const TOO_OLD: Failure = {
  kind: 'unsupported',
  reason: 'is too old to load and unload models on request: update it to 0.4 or later',
  cause: null,
};

/** Reads the list of an LM Studio, from 0.3.6 on. No request makes it load a model. */
export async function readLmStudio(ask: Ask): Promise<Outcome<LmStudioList>> {
  const current = await ask({ path: '/api/v1/models', body: CURRENT, readsErrors: true });
  if (current.kind === 'ok') {
    return { kind: 'ok', value: { entries: current.value, isCurrent: true, toModel: toCurrent } };
  }
  if (!isMissing(current)) return current;
  const old = await ask({ path: '/api/v0/models', body: OLD, readsErrors: true });
  if (old.kind !== 'ok') return old;
  return { kind: 'ok', value: { entries: old.value, isCurrent: false, toModel: toOld } };
}

/** Whether the answer shows that a release does not have a route. */
export function isMissing(outcome: Outcome<unknown>): boolean {
  const isAbsent = outcome.kind === 'status' && (outcome.status === 404 || outcome.status === 405);
  return isAbsent || (outcome.kind === 'unexpected' && !outcome.isTooLarge);
}

/** Returns the model with a name, or with a loaded instance of that name; null if there is none. */
export function findModel({ entries, toModel }: LmStudioList, name: string): LmStudioModel | null {
  const key = entries.find((entry) => [Object(entry).key, Object(entry).id].includes(name));
  const found =
    key ??
    entries.find((entry) => toModel(entry)?.instances.some((instance) => instance.id === name));
  return found === undefined ? null : toModel(found);
}

/** Returns the models with a loaded instance. */
export function findLoaded({ entries, toModel }: LmStudioList): LmStudioModel[] {
  return entries.flatMap((entry) => {
    const { loaded_instances: instances, state } = Object(entry);
    if (Array.isArray(instances) ? instances.length === 0 : state === 'not-loaded') return [];
    const model = toModel(entry);
    return model === null || model.instances.length === 0 ? [] : [model];
  });
}

/** Converts a model to a record. */
export function toRecord(model: LmStudioModel): ListRecord {
  const { id, name, description, capabilities, hasVision, maxContext, instances } = model;
  const isEmbedding = capabilities.includes('embedding');
  return {
    ...toPlainRecord(id),
    name: name === null ? null : cutText(name, LONGEST_NAME),
    description: description === null ? null : cutText(description, LONGEST_DESCRIPTION),
    capabilities,
    modalities: isEmbedding
      ? { input: [], output: [] }
      : { input: hasVision ? ['text', 'image'] : ['text'], output: ['text'] },
    maxContext,
    aliases: instances.map((instance) => instance.id).filter((instance) => instance !== id),
  };
}

function toCurrent(entry: unknown): LmStudioModel | null {
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

function toOld(entry: unknown): LmStudioModel | null {
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
