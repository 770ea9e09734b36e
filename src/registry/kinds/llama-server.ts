import type { Ask } from '../own-request.ts';
import {
  IN_PROVIDERS,
  LISTS_ONLY,
  type ProviderKind,
  type RunningReader,
  type Software,
} from '../provider-kind.ts';
import { MAX_MODELS, type ListRecord, type RunningModel } from '../provider-models.ts';
import { loadLlamaServer, unloadLlamaServer } from './llama-server-load.ts';
import {
  findLoaded,
  listsRouter,
  readList,
  readProps,
  type LlamaServerProps,
} from './llama-server-models.ts';
import { MODEL_LIST } from './openai-list.ts';
import { readRecords } from './openai-records.ts';

/** Lists the models. A llama-server without a router says more about its only model at `/props`. */
const list: ProviderKind['list'] = async (ask, options) => {
  const listed = await ask({ path: '/v1/models', body: MODEL_LIST });
  if (listed.kind !== 'ok') return listed;
  const { data } = listed.value;
  const records = await options.run(readRecords(listed.value, options.provider));
  const isRouter = listsRouter(data);
  const alone = isRouter ? null : await readProps(ask, data);
  const described = new Map<string, ListRecord>();
  for (const [id, record] of records) described.set(id, describe(record, alone));
  const lacks = isRouter ? [] : (['load', 'unload'] as const);
  const isCut = data.length > MAX_MODELS;
  return { kind: 'ok', value: { records: described, pins: new Map(), isCut, lacks } };
};

function describe(record: ListRecord, props: LlamaServerProps | null): ListRecord {
  // Every entry is a model of its own: aliases are in the entry of their model.
  const own = { ...record, type: 'model' } as const;
  if (props === null) return own;
  const { inputs, supportsTools } = props;
  const { capabilities, modalities } = record;
  return {
    ...own,
    capabilities: supportsTools ? [...capabilities, 'function_calling'] : capabilities,
    modalities: inputs === null ? modalities : { ...modalities, input: inputs },
  };
}

const running: RunningReader = {
  async read(ask) {
    const found = await readList(ask);
    if (found.kind !== 'ok') return found;
    const models = findLoaded(found.value).map(({ id, state, window }): [string, RunningModel] => [
      id,
      { state, commandContext: window },
    ]);
    return { kind: 'ok', value: new Map(models) };
  },
  async show(ask) {
    const found = await readList(ask);
    if (found.kind !== 'ok') return found;
    const models = findLoaded(found.value).map(({ id, state }) => ({ model: id, state }));
    return { kind: 'ok', value: { running: models } };
  },
};

async function findLlamaServer(ask: Ask): Promise<Software | null> {
  const models = await ask({ path: '/v1/models', body: MODEL_LIST });
  if (models.kind !== 'ok' || models.value.data.length === 0) return null;
  const { data } = models.value;
  const props = await readProps(ask, data);
  return props === null ? { isOfKind: false } : { isOfKind: true, release: props.build };
}

/** llama.cpp's server: alone, with one model, or in router mode, where it starts a server for each model. */
export const llamaServer: ProviderKind<'llama-server'> = {
  ...LISTS_ONLY,
  name: 'llama-server',
  httpPort: 8080,
  list,
  running,
  load: loadLlamaServer,
  unload: unloadLlamaServer,
  software: { recognizes: true, find: findLlamaServer, findLacks: () => null },
  speaks: 'llama.cpp',
  maxTokens: true,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
};
