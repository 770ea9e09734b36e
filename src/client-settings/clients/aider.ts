import type { Client } from '../client.ts';
import { ANY_KEY, toShellKey } from '../key.ts';
import { toShellWord } from '../quoting.ts';

/** aider, which uses OpenAI's API through LiteLLM. */
export const aider: Client = {
  id: 'aider',
  name: 'aider',
  checked: '0.86.2, 2026-11-28',
  describe: (facts) => {
    const { url, id, window, hasVision, needsKey } = facts;
    const model = `openai/${id}`;
    const base = `${url}/v1`;
    const metadata = {
      [model]: {
        litellm_provider: 'openai',
        mode: 'chat',
        ...(window !== null && { max_tokens: window, max_input_tokens: window }),
        input_cost_per_token: 0,
        output_cost_per_token: 0,
        supports_vision: hasVision,
      },
    };
    const settings = [
      `model: ${JSON.stringify(model)}`,
      `openai-api-base: ${JSON.stringify(base)}`,
      // aider reads a required key from OPENAI_API_KEY.
      ...(needsKey ? [] : [`openai-api-key: ${ANY_KEY}`]),
    ];
    return {
      about: `The prefix openai/ selects the API. aider learns the window from the metadata file.${needsKey ? ' It reads the key from OPENAI_API_KEY.' : ''}`,
      snippets: [
        {
          title: 'In a shell',
          language: 'sh',
          text: `export OPENAI_API_BASE=${toShellWord(base)} OPENAI_API_KEY=${toShellKey(facts)}\naider --model ${toShellWord(model)}`,
        },
        {
          title: 'For every session',
          language: 'yaml',
          text: settings.join('\n'),
          file: { path: '~/.aider.conf.yml' },
        },
        {
          title: 'The window',
          language: 'json',
          text: JSON.stringify(metadata, null, 2),
          file: { path: '~/.aider.model.metadata.json' },
        },
      ],
    };
  },
};
