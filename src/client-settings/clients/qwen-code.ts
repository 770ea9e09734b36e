import type { Client } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE } from '../key.ts';

/** Qwen Code, which uses OpenAI's API. */
export const qwenCode: Client = {
  id: 'qwen-code',
  name: 'Qwen Code',
  checked: '0.24.4, 2026-11-28',
  describe: ({ url, id, window, needsKey }) => {
    const model = {
      id,
      name: id,
      baseUrl: `${url}/v1`,
      envKey: KEY_VARIABLE,
      ...(window !== null && { generationConfig: { contextWindowSize: window } }),
    };
    const settings = {
      ...(!needsKey && { env: { [KEY_VARIABLE]: ANY_KEY } }),
      modelProviders: { openai: [model] },
      security: { auth: { selectedType: 'openai' } },
      model: { name: id },
    };
    return {
      about: `It reads the key from ${KEY_VARIABLE}. Then run qwen.`,
      snippets: [
        {
          title: '',
          language: 'json',
          text: JSON.stringify(settings, null, 2),
          file: { path: '~/.qwen/settings.json' },
        },
      ],
    };
  },
};
