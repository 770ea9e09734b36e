import * as v from 'valibot';
import type { Body } from '../own-request.ts';
import type { ProviderKind } from '../provider-kind.ts';
import { MAX_MODELS, type ModelList } from '../provider-models.ts';
import { PROFILES } from './llama-swap-bodies.ts';
import { readRecords, type RawList } from './openai-records.ts';

/**
 * `GET /v1/models`. `models` is the list in Ollama's form that llama-server sends in addition to `data`. Ollama sends
 * `data: null` when no model is pulled. `openai-records.ts` reads the records one by one: there may be 10,000.
 */
export const MODEL_LIST: Body<RawList> = {
  expected: 'a list of models',
  // One extra entry shows that the list is longer than the limit.
  list: { name: 'data', maxEntries: MAX_MODELS + 1 },
  schema: v.pipe(
    v.object({
      object: v.optional(v.unknown(), null),
      data: v.nullable(v.array(v.unknown())),
      models: v.fallback(v.array(v.unknown()), []),
    }),
    v.check(({ object, data }) => data !== null || object === 'list'),
    v.transform(({ data, models }) => ({ data: data ?? [], models })),
  ),
};

const NO_PINS: ModelList['pins'] = new Map();

/** Lists the models of a server with OpenAI's API, which may be a llama-swap. */
export const listOpenAiModels: ProviderKind['list'] = async (ask, { provider, run }) => {
  const list = await ask({ path: '/v1/models', body: MODEL_LIST });
  if (list.kind !== 'ok') return list;
  const records = await run(readRecords(list.value, provider));
  const isCut = list.value.data.length > MAX_MODELS;
  // Request the profiles only if the list shows that one is active.
  const hasProfile = [...records.values()].some(({ type }) => type === 'profile');
  const profiles = hasProfile ? await ask({ path: '/api/profiles', body: PROFILES }) : null;
  const pins = profiles?.kind === 'ok' ? profiles.value : NO_PINS;
  return { kind: 'ok', value: { records, pins, isCut } };
};
