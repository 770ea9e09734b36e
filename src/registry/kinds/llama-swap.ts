import { IN_PROVIDERS, type ProviderKind } from '../provider-kind.ts';
import { loadLlamaSwap } from './llama-swap-load.ts';
import { llamaSwapLogs } from './llama-swap-logs.ts';
import { llamaSwapRunning } from './llama-swap-running.ts';
import { llamaSwapServers } from './llama-swap-servers.ts';
import { findLacks, findLlamaSwap } from './llama-swap-software.ts';
import { unloadLlamaSwap } from './llama-swap-unload.ts';
import { listOpenAiModels } from './openai-list.ts';

/** llama-swap, which loads and unloads models on demand. */
export const llamaSwap: ProviderKind<'llama-swap'> = {
  name: 'llama-swap',
  httpPort: 8080,
  list: listOpenAiModels,
  running: llamaSwapRunning,
  load: loadLlamaSwap,
  unload: unloadLlamaSwap,
  servers: llamaSwapServers,
  logs: llamaSwapLogs,
  software: { recognizes: false, find: findLlamaSwap, findLacks },
  speaks: 'llama.cpp',
  maxTokens: true,
  anthropicBase: '',
  ollamaBase: null,
  settings: IN_PROVIDERS,
  contextWindows: {},
};
