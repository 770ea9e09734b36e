import type { Client } from '../client.ts';
import { KEY_VARIABLE } from '../key.ts';

/** Codex, which uses OpenAI's Responses API. */
export const codex: Client = {
  id: 'codex',
  name: 'Codex',
  checked: '0.171.0, 2026-11-28',
  describe: ({ url, id, window, needsKey }) => ({
    about:
      'The file is a profile, so that your own settings stay as they are. Codex needs the provider’s /v1/responses, which llama-server has.',
    snippets: [
      {
        title: 'The profile',
        language: 'toml',
        text: [
          `model = ${JSON.stringify(id)}`,
          'model_provider = "paddock"',
          ...(window === null ? [] : [`model_context_window = ${window}`]),
          'web_search = "disabled"',
          '',
          '[model_providers.paddock]',
          'name = "Paddock"',
          `base_url = ${JSON.stringify(`${url}/v1`)}`,
          'wire_api = "responses"',
          ...(needsKey ? [`env_key = "${KEY_VARIABLE}"`] : []),
          '# A model that is not loaded may take minutes to load.',
          'stream_idle_timeout_ms = 1800000',
        ].join('\n'),
        file: { path: '~/.codex/paddock.config.toml', folderVariable: 'CODEX_HOME' },
      },
      { title: 'In a shell', language: 'sh', text: 'codex --profile paddock' },
    ],
  }),
};
