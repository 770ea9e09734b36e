import type { Client } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE } from '../key.ts';

/** Continue, in editors and as `cn`. */
export const continueDev: Client = {
  id: 'continue',
  name: 'Continue',
  checked: 'cn 1.5.47, 2026-11-28',
  describe: ({ url, id, window, hasVision, needsKey }) => ({
    about: needsKey
      ? `Continue reads the key from ${KEY_VARIABLE} in ~/.continue/.env.`
      : 'Continue reads the file again when it changes.',
    snippets: [
      {
        title: '',
        language: 'yaml',
        text: [
          'name: My models',
          'version: 1.0.0',
          'schema: v1',
          'models:',
          `  - name: ${JSON.stringify(id)}`,
          '    provider: openai',
          `    model: ${JSON.stringify(id)}`,
          `    apiBase: ${JSON.stringify(`${url}/v1`)}`,
          `    apiKey: ${needsKey ? `\${{ secrets.${KEY_VARIABLE} }}` : ANY_KEY}`,
          `    capabilities: [tool_use${hasVision ? ', image_input' : ''}]`,
          ...(window === null
            ? []
            : ['    defaultCompletionOptions:', `      contextLength: ${window}`]),
        ].join('\n'),
        file: { path: '~/.continue/config.yaml', keep: ['name', 'version', 'schema'] },
      },
    ],
  }),
};
