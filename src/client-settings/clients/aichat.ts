import type { Client } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE } from '../key.ts';

/** The command `aichat`. */
export const aichat: Client = {
  id: 'aichat',
  name: 'aichat',
  checked: null,
  describe: ({ url, id, window, hasVision, needsKey }) => ({
    about: needsKey ? `aichat reads the key from ${KEY_VARIABLE}.` : 'Then run aichat.',
    snippets: [
      {
        title: '',
        language: 'yaml',
        text: [
          `model: ${JSON.stringify(`paddock:${id}`)}`,
          'clients:',
          '  - name: paddock',
          '    type: openai-compatible',
          `    api_base: ${JSON.stringify(`${url}/v1`)}`,
          ...(needsKey ? [] : [`    api_key: ${ANY_KEY}`]),
          '    models:',
          `      - name: ${JSON.stringify(id)}`,
          ...(window === null ? [] : [`        max_input_tokens: ${window}`]),
          '        supports_function_calling: true',
          `        supports_vision: ${hasVision}`,
        ].join('\n'),
        file: {
          path: '~/.config/aichat/config.yaml',
          macPath: '~/Library/Application Support/aichat/config.yaml',
          folderVariable: 'AICHAT_CONFIG_DIR',
        },
      },
    ],
  }),
};
