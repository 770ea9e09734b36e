import * as v from 'valibot';
import { findIdFault, joinId } from '../../resolve/composite-id.ts';
import type { Steps } from '../../steps.ts';
import {
  MAX_MODELS,
  type ListRecord,
  type ModelDetails,
  type Modalities,
} from '../provider-models.ts';
import {
  cutText,
  isShallow,
  LONGEST_DESCRIPTION,
  LONGEST_NAME,
  readFlags,
  readNames,
  toTokens,
} from './wire-values.ts';

/** The entries of `/v1/models`, unchecked. */
export interface RawList {
  readonly data: readonly unknown[];
  readonly models: readonly unknown[];
}

/** The longest metadata of llama-swap that is kept, in characters of JSON, and how deep they may nest. */
const LONGEST_METADATA = 4096;
const MAX_METADATA_DEPTH = 8;
/** The number of records that are read in one step. */
const STEP = 50;

const KINDS = ['model', 'alias', 'selector', 'profile', 'peer'] as const;

const field = v.optional(v.unknown(), null);
const word = v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(LONGEST_NAME))), null);
const text = (longest: number) =>
  v.fallback(
    v.nullable(
      v.pipe(
        v.string(),
        v.transform((long) => cutText(long, longest)),
      ),
    ),
    null,
  );
const tokens = v.pipe(field, v.transform(toTokens));
const names = v.pipe(field, v.transform(readNames));

const SWAP = v.object({
  type: v.fallback(v.nullable(v.picklist(KINDS)), null),
  modelID: word,
  peerID: word,
  strategy: word,
  targets: names,
  aliases: names,
});
const NO_SWAP = {
  type: null,
  modelID: null,
  peerID: null,
  strategy: null,
  targets: [],
  aliases: [],
};

// Some releases lack each field except the ID, so a missing or invalid field is ignored.
const RECORD = v.object({
  id: v.string(),
  name: text(LONGEST_NAME),
  description: text(LONGEST_DESCRIPTION),
  context_length: tokens,
  // vLLM's name for the context window.
  max_model_len: tokens,
  status: v.fallback(v.object({ value: word }), { value: null }),
  // llama-server lists aliases here.
  aliases: names,
  capabilities: v.pipe(field, v.transform(readFlags)),
  architecture: v.fallback(v.object({ input_modalities: names, output_modalities: names }), {
    input_modalities: [],
    output_modalities: [],
  }),
  supported_parameters: names,
  meta: v.fallback(
    v.object({
      n_ctx: tokens,
      llamaswap: v.optional(v.unknown(), null),
    }),
    { n_ctx: null, llamaswap: null },
  ),
});

/** An entry of the list in Ollama's form that llama-server sends in addition to `data`. */
const LLAMA_SERVER_ENTRY = v.object({ model: v.string(), capabilities: names });

/** Reads the records of a model list, each model once. Skips a record without a usable ID: no request can name it. */
export function* readRecords(
  { data, models }: RawList,
  provider: string,
): Steps<ReadonlyMap<string, ListRecord>> {
  const multimodal = yield* findMultimodal(models);
  const records = new Map<string, ListRecord>();
  for (const [index, entry] of data.slice(0, MAX_MODELS).entries()) {
    if (index % STEP === STEP - 1) yield;
    const record = v.safeParse(RECORD, entry);
    if (!record.success || !isUsable(record.output.id, provider)) continue;
    const { id } = record.output;
    if (!records.has(id)) records.set(id, toRecord(record.output, multimodal.has(id)));
  }
  return records;
}

function* findMultimodal(models: readonly unknown[]): Steps<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [index, entry] of models.slice(0, MAX_MODELS).entries()) {
    if (index % STEP === STEP - 1) yield;
    const parsed = v.safeParse(LLAMA_SERVER_ENTRY, entry);
    if (parsed.success && parsed.output.capabilities.includes('multimodal')) {
      found.add(parsed.output.model);
    }
  }
  return found;
}

/** Whether a request can name a model by its composite ID. */
export function isUsable(model: string, provider: string): boolean {
  const id = joinId(provider, model);
  return model !== '' && id.trim() === id && findIdFault(id) === null;
}

function toRecord(record: v.InferOutput<typeof RECORD>, isMultimodal: boolean): ListRecord {
  const { id, meta, architecture } = record;
  const swap = v.safeParse(SWAP, meta.llamaswap);
  const { type, modelID, peerID, strategy, targets, aliases } = swap.success
    ? swap.output
    : NO_SWAP;
  // Before v241, only `peerID` identifies a peer. Since then, the configuration may set `peerID` on any model.
  const isPeer = type === 'peer' || (type === null && peerID !== null);
  return {
    id,
    name: record.name || null,
    description: record.description || null,
    type: isPeer ? 'peer' : type,
    modelId: type === 'alias' ? modelID : null,
    peer: isPeer ? peerID : null,
    strategy,
    targets: type === 'selector' ? targets : [],
    status: record.status.value,
    context: record.context_length ?? meta.n_ctx ?? record.max_model_len,
    aliases: [...new Set([...aliases, ...record.aliases])].filter((name) => name !== id),
    capabilities: record.capabilities,
    modalities: pickModalities({
      architecture: {
        input: architecture.input_modalities,
        output: architecture.output_modalities,
      },
      isMultimodal,
    }),
    details: {
      parameters: record.supported_parameters,
      llamaSwap: swap.success ? readMetadata(meta.llamaswap) : null,
    },
  };
}

function readMetadata(value: unknown): ModelDetails['llamaSwap'] {
  if (Array.isArray(value) || !isShallow(value, MAX_METADATA_DEPTH)) return null;
  return JSON.stringify(value).length <= LONGEST_METADATA ? { ...Object(value) } : null;
}

/** The modalities of a model for which llama-server reports only `multimodal`. */
const MULTIMODAL: Modalities = { input: ['text', 'image'], output: ['text'] };

/**
 * Picks the modalities of a listed model.
 * @param options.architecture the modalities in the list's `architecture`
 * @param options.isMultimodal whether llama-server's `models[].capabilities` has `multimodal`. Models that take audio but
 * no images are `multimodal` too, so an `architecture` that names more than text takes precedence.
 */
function pickModalities(options: { architecture: Modalities; isMultimodal: boolean }): Modalities {
  const { architecture, isMultimodal } = options;
  const isSpecific = architecture.input.some((name) => name !== 'text');
  return isMultimodal && !isSpecific ? MULTIMODAL : architecture;
}
