import { IN_PROVIDERS, type ProviderKind } from '../provider-kind.ts';

/** Any other server with OpenAI's API. */
export const openai: ProviderKind<'openai'> = {
  name: 'openai',
  httpPort: 80,
  can: { running: false, unload: false, upstream: false },
  maxTokens: false,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
  readRelease: null,
};
