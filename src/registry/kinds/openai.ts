import { IN_PROVIDERS, LISTS_ONLY, type ProviderKind } from '../provider-kind.ts';
import { listOpenAiModels } from './openai-list.ts';

/** Any other server with OpenAI's API. */
export const openai: ProviderKind<'openai'> = {
  ...LISTS_ONLY,
  isGeneric: true,
  name: 'openai',
  httpPort: 80,
  list: listOpenAiModels,
  speaks: 'openai',
  maxTokens: false,
  anthropicBase: '',
  settings: IN_PROVIDERS,
  contextWindows: {},
};
