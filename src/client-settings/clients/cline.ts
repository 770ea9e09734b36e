import type { Client } from '../client.ts';
import { toShellKey, toTextKey } from '../key.ts';
import { toShellWord } from '../quoting.ts';

/** Cline, in an editor and in a terminal. */
export const cline: Client = {
  id: 'cline',
  name: 'Cline',
  checked: '3.0.65, 2026-11-28',
  describe: (facts) => {
    const { url, id, window } = facts;
    const base = `${url}/v1`;
    return {
      about:
        'In the editor: Settings, API Provider, OpenAI Compatible. The context window is under Model Configuration.',
      snippets: [
        { title: 'Base URL', language: 'text', text: base },
        { title: 'API key', language: 'text', text: toTextKey(facts) },
        { title: 'Model ID', language: 'text', text: id },
        ...(window === null
          ? []
          : [{ title: 'Context window size', language: 'text' as const, text: String(window) }]),
        {
          title: 'In a terminal',
          language: 'sh',
          text: `cline auth --provider openai --baseurl ${toShellWord(base)} --apikey ${toShellKey(facts)} --modelid ${toShellWord(id)}`,
        },
      ],
    };
  },
};
