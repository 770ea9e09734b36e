import type { Client } from '../client.ts';

/** The command `llm`. */
export const llm: Client = {
  id: 'llm',
  name: 'llm',
  checked: '0.36, 2026-11-28',
  describe: ({ url, id, hasVision, needsKey }) => ({
    about: `The model’s name in llm is paddock. The file is in the folder of the one that llm logs path prints.${needsKey ? ' llm asks for the key once.' : ''}`,
    snippets: [
      {
        title: 'The model',
        language: 'yaml',
        text: [
          '- model_id: paddock',
          `  model_name: ${JSON.stringify(id)}`,
          `  api_base: ${JSON.stringify(`${url}/v1`)}`,
          ...(needsKey ? ['  api_key_name: paddock'] : []),
          '  supports_tools: true',
          '  supports_schema: true',
          `  vision: ${hasVision}`,
        ].join('\n'),
        file: {
          path: '~/.config/io.datasette.llm/extra-openai-models.yaml',
          macPath: '~/Library/Application Support/io.datasette.llm/extra-openai-models.yaml',
          folderVariable: 'LLM_USER_PATH',
        },
      },
      {
        title: 'In a shell',
        language: 'sh',
        text: `${needsKey ? 'llm keys set paddock\n' : ''}llm -m paddock 'Hello'`,
      },
    ],
  }),
};
