import type { Steps } from '../../steps.ts';
import { DONE, toUnlisted, type Outcome } from '../outcome.ts';
import type { Ask } from '../own-request.ts';
import {
  IN_PROVIDERS,
  LISTS_ONLY,
  type Change,
  type ProviderKind,
  type RunningReader,
  type Software,
} from '../provider-kind.ts';
import { MAX_MODELS, type ListRecord, type RunningModel } from '../provider-models.ts';
import {
  findLoaded,
  findModel,
  isMissing,
  readLmStudio,
  TOO_OLD,
  toRecord,
  type LmStudioList,
} from './lmstudio-models.ts';
import { CHANGED } from './llama-swap-bodies.ts';
import { listOpenAiModels, MODEL_LIST } from './openai-list.ts';
import { isUsable } from './openai-records.ts';

const LACKS = ['load', 'unload'] as const;

/** The number of records that are read in one step. */
const STEP = 50;

const list: ProviderKind['list'] = async (ask, options) => {
  const found = await readLmStudio(ask);
  if (found.kind !== 'ok') {
    if (!isMissing(found)) return found;
    // Releases before 0.3.6 have only the list of OpenAI's API, without states.
    const plain = await listOpenAiModels(ask, options);
    return plain.kind === 'ok' ? { kind: 'ok', value: { ...plain.value, lacks: LACKS } } : plain;
  }
  const { entries, isCurrent } = found.value;
  const records = await options.run(readRecords(found.value, options.provider));
  const isCut = entries.length > MAX_MODELS;
  const lacks = isCurrent ? [] : LACKS;
  return { kind: 'ok', value: { records, pins: new Map(), isCut, lacks } };
};

function* readRecords(
  { entries, toModel }: LmStudioList,
  provider: string,
): Steps<Map<string, ListRecord>> {
  const records = new Map<string, ListRecord>();
  for (const [index, entry] of entries.slice(0, MAX_MODELS).entries()) {
    if (index % STEP === STEP - 1) yield;
    const model = toModel(entry);
    if (model === null || !isUsable(model.id, provider) || records.has(model.id)) continue;
    records.set(model.id, toRecord(model));
  }
  return records;
}

const running: RunningReader = {
  async read(ask) {
    const found = await readLmStudio(ask);
    if (found.kind !== 'ok') return found;
    const models = findLoaded(found.value).map(({ id, instances }): [string, RunningModel] => {
      const windows = instances.flatMap(({ window }) => window ?? []);
      // A request by the model's own name may reach any of its instances.
      const commandContext = windows.length === 0 ? null : Math.min(...windows);
      return [id, { state: 'ready', commandContext }];
    });
    return { kind: 'ok', value: new Map(models) };
  },
  async show(ask) {
    const found = await readLmStudio(ask);
    if (found.kind !== 'ok') return found;
    const models = findLoaded(found.value).map(({ id, name, instances }) => ({
      model: id,
      state: 'ready',
      name: name ?? '',
      instances: instances.map((instance) => instance.id),
    }));
    return { kind: 'ok', value: { running: models } };
  },
};

/** Loads a model, unless an instance of it is loaded: a second load would make a second instance. */
async function load(ask: Ask, { model }: Change<string>): Promise<Outcome<unknown>> {
  const found = await readLmStudio(ask);
  if (found.kind !== 'ok') return found;
  if (!found.value.isCurrent) return TOO_OLD;
  const listed = findModel(found.value, model);
  if (listed === null) return toUnlisted(model);
  if (listed.instances.length > 0) return DONE;
  const path = '/api/v1/models/load';
  return ask({
    method: 'POST',
    path,
    json: { model: listed.id },
    body: CHANGED,
    readsErrors: true,
  });
}

/** Unloads every instance of a model, or of all models (null). */
async function unload(ask: Ask, { model }: Change<string | null>): Promise<Outcome<unknown>> {
  const found = await readLmStudio(ask);
  if (found.kind !== 'ok') return found;
  if (!found.value.isCurrent) return TOO_OLD;
  const listed = model === null ? null : findModel(found.value, model);
  if (model !== null && listed === null) return toUnlisted(model);
  const models = listed === null ? findLoaded(found.value) : [listed];
  for (const { id } of models.flatMap(({ instances }) => instances)) {
    const path = '/api/v1/models/unload';
    const json = { instance_id: id };
    const outcome = await ask({ method: 'POST', path, json, body: CHANGED, readsErrors: true });
    if (outcome.kind !== 'ok') return outcome;
  }
  return DONE;
}

async function findLmStudio(ask: Ask): Promise<Software | null> {
  const own = await readLmStudio(ask);
  if (own.kind === 'ok') return { isOfKind: true, release: null };
  const models = await ask({ path: '/v1/models', body: MODEL_LIST });
  return models.kind === 'ok' && models.value.data.length > 0 ? { isOfKind: false } : null;
}

/** LM Studio. */
export const lmstudio: ProviderKind<'lmstudio'> = {
  ...LISTS_ONLY,
  name: 'lmstudio',
  httpPort: 1234,
  list,
  running,
  load,
  unload,
  software: { recognizes: true, find: findLmStudio, findLacks: () => null },
  speaks: 'openai',
  maxTokens: true,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
};
