import { LISTS_ONLY, type ProviderKind } from '../provider-kind.ts';
import { listOpenAiModels } from './openai-list.ts';

/** DeepSeek's cloud API. */
export const deepseek: ProviderKind<'deepseek'> = {
  ...LISTS_ONLY,
  name: 'deepseek',
  httpPort: null,
  list: listOpenAiModels,
  speaks: 'deepseek',
  maxTokens: false,
  anthropicBase: '/anthropic',
  settings: {
    address: 'DEEPSEEK_BASE_URL',
    key: 'DEEPSEEK_API_KEY',
    timeout: 'PROBE_TIMEOUT_MS',
  },
  // From https://api-docs.deepseek.com/quick_start/pricing, read on 2026-11-24.
  contextWindows: {
    'deepseek-flash': 1_048_576,
    'deepseek-v4-flash': 1_048_576,
    'deepseek-v4-pro': 1_048_576,
    // Retired in July 2026; older settings still name them.
    'deepseek-chat': 131_072,
    'deepseek-reasoner': 131_072,
  },
};
