import type { Ask } from '../own-request.ts';
import { IN_PROVIDERS, LISTS_ONLY, type ProviderKind, type Software } from '../provider-kind.ts';
import { OLLAMA_VERSION, PS } from './ollama-bodies.ts';
import { listOllama } from './ollama-list.ts';
import { loadOllama, ollamaRunning, unloadOllama } from './ollama-running.ts';
import { MODEL_LIST } from './openai-list.ts';

async function findOllama(ask: Ask): Promise<Software | null> {
  const [version, running] = await Promise.all([
    ask({ path: '/api/version', body: OLLAMA_VERSION }),
    ask({ path: '/api/ps', body: PS }),
  ]);
  const release = version.kind === 'ok' ? version.value : null;
  if (running.kind === 'ok' && release !== null) return { isOfKind: true, release };
  const list = await ask({ path: '/v1/models', body: MODEL_LIST });
  return list.kind === 'ok' && list.value.data.length > 0 ? { isOfKind: false } : null;
}

/** Ollama, which loads models on demand and unloads them when they have been idle. */
export const ollama: ProviderKind<'ollama'> = {
  ...LISTS_ONLY,
  name: 'ollama',
  httpPort: 11_434,
  list: listOllama,
  running: ollamaRunning,
  load: loadOllama,
  unload: unloadOllama,
  software: { recognizes: true, find: findOllama, findLacks: () => null },
  speaks: 'openai',
  maxTokens: true,
  anthropicBase: '',
  ollamaBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
};
