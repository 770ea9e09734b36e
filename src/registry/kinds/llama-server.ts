import type { Ask } from '../own-request.ts';
import {
  IN_PROVIDERS,
  LISTS_ONLY,
  type ProviderKind,
  type RunningReader,
  type Software,
} from '../provider-kind.ts';
import type { ListRecord, RunningModel } from '../provider-models.ts';
import { loadLlamaServer, unloadLlamaServer } from './llama-server-load.ts';
import {
  findLoaded,
  LLAMA_SERVER_PROPS,
  readList,
  type LlamaServerProps,
} from './llama-server-models.ts';
import { listOpenAiModels, MODEL_LIST } from './openai-list.ts';

/** Lists the models. A llama-server without a router says more about its only model at `/props`. */
const list: ProviderKind['list'] = async (ask, options) => {
  const listed = await listOpenAiModels(ask, options);
  if (listed.kind !== 'ok') return listed;
  const { records } = listed.value;
  const isRouter = [...records.values()].every(({ status }) => status !== null);
  const props = isRouter ? null : await ask({ path: '/props', body: LLAMA_SERVER_PROPS });
  const alone = props?.kind === 'ok' ? props.value : null;
  const described = new Map<string, ListRecord>();
  for (const [id, record] of records) described.set(id, describe(record, alone));
  const lacks = isRouter ? [] : (['load', 'unload'] as const);
  return { kind: 'ok', value: { ...listed.value, records: described, lacks } };
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
  const props = await ask({ path: '/props', body: LLAMA_SERVER_PROPS });
  if (props.kind === 'ok') return { isOfKind: true, release: props.value.build };
  const models = await ask({ path: '/v1/models', body: MODEL_LIST });
  return models.kind === 'ok' && models.value.data.length > 0 ? { isOfKind: false } : null;
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
