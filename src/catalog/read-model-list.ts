import * as v from 'valibot';
import { findIdFault, joinId } from '../resolve/composite-id.ts';
import type { ListedModel, ModelState } from './model.ts';
import type { RunningModel } from './read-running.ts';
import { toTokens } from './tokens.ts';

const text = v.fallback(v.nullable(v.string()), null);
const tokens = v.pipe(v.optional(v.unknown(), null), v.transform(toTokens));
const texts = v.fallback(v.array(v.string()), []);

// Every field but the ID is young in some release, so a missing or odd one is passed over.
const RECORD = v.object({
  id: v.string(),
  name: text,
  description: text,
  context_length: tokens,
  // vLLM's word for it.
  max_model_len: tokens,
  status: v.fallback(v.object({ value: text }), { value: null }),
  capabilities: v.fallback(
    v.pipe(
      v.custom<object>((names) => !Array.isArray(names)),
      v.record(v.string(), v.unknown()),
    ),
    {},
  ),
  meta: v.fallback(
    v.object({
      n_ctx: tokens,
      llamaswap: v.fallback(v.object({ type: text, modelID: text, aliases: texts }), {
        type: null,
        modelID: null,
        aliases: [],
      }),
    }),
    { n_ctx: null, llamaswap: { type: null, modelID: null, aliases: [] } },
  ),
});

type HostRecord = v.InferOutput<typeof RECORD>;

const LIST = v.object({ data: v.array(v.unknown()) });

// Digits as numbers, so that qwen3-8b stands before qwen3-27b; the locale is fixed, so that all runtimes agree.
const byId = new Intl.Collator('en', { numeric: true });

/**
 * Reads a host's `/v1/models`, sorted, each model once; null where it is no model list. A record without a usable
 * ID is passed over, for nobody could ask for it.
 * @param options.running what `/running` said, or null where that is not known
 */
export function readModelList(
  value: unknown,
  { provider, running }: { provider: string; running: ReadonlyMap<string, RunningModel> | null },
): readonly ListedModel[] | null {
  const list = v.safeParse(LIST, value);
  if (!list.success) return null;
  const models = new Map<string, ListedModel>();
  for (const entry of list.output.data) {
    const record = v.safeParse(RECORD, entry);
    if (!record.success || !isUsable(record.output.id, provider)) continue;
    if (models.has(record.output.id)) continue;
    models.set(record.output.id, toListedModel(record.output, running));
  }
  return [...models.values()].toSorted(
    (a, b) => byId.compare(a.model, b.model) || (a.model < b.model ? -1 : 1),
  );
}

function isUsable(model: string, provider: string): boolean {
  const id = joinId(provider, model);
  return model !== '' && id.trim() === id && findIdFault(id) === null;
}

function toListedModel(
  record: HostRecord,
  running: ReadonlyMap<string, RunningModel> | null,
): ListedModel {
  return {
    model: record.id,
    name: record.name || record.id,
    description: record.description || null,
    state: pickState(record, running),
    declaredContext: record.context_length ?? record.meta.n_ctx ?? record.max_model_len,
    runsAs: toRunningName(record),
    aliases: record.meta.llamaswap.aliases,
    capabilities: Object.keys(record.capabilities)
      .filter((key) => record.capabilities[key] === true)
      .toSorted(),
  };
}

/** `/running` names an alias's model. */
function toRunningName({ id, meta }: HostRecord): string {
  return meta.llamaswap.modelID ?? id;
}

function pickState(
  record: HostRecord,
  running: ReadonlyMap<string, RunningModel> | null,
): ModelState {
  // `/running` speaks of the host's own models alone.
  if (record.meta.llamaswap.type === 'peer') return 'unknown';
  if (running !== null) return running.get(toRunningName(record))?.state ?? 'stopped';
  // `loaded` covers starting and stopping too.
  return record.status.value === 'unloaded' ? 'stopped' : 'unknown';
}
