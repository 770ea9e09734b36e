import { IN_PROVIDERS, type ProviderKind } from '../provider-kind.ts';
import { readRelease } from './llama-swap-release.ts';

/** llama-swap, which loads and unloads models on demand. */
export const llamaSwap: ProviderKind<'llama-swap'> = {
  name: 'llama-swap',
  httpPort: 8080,
  can: { running: true, unload: true, upstream: true },
  maxTokens: true,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
  readRelease,
};
