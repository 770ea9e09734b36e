import type { Client } from '../client.ts';
import { KEY_VARIABLE } from '../key.ts';
import { toShellWord } from '../quoting.ts';

/** curl, to try a model. */
export const curl: Client = {
  id: 'curl',
  name: 'curl',
  checked: '7.88.1, 2026-11-28',
  describe: ({ url, id, needsKey }) => {
    const body = JSON.stringify({ model: id, messages: [{ role: 'user', content: 'Hello' }] });
    const lines = [
      `curl ${toShellWord(`${url}/v1/chat/completions`)}`,
      ...(needsKey ? [`-H "authorization: Bearer $${KEY_VARIABLE}"`] : []),
      "-H 'content-type: application/json'",
      `-d ${toShellWord(body)}`,
    ];
    return {
      about: 'Add "stream": true to the body to stream the answer.',
      snippets: [{ title: '', language: 'sh', text: lines.join(' \\\n  ') }],
    };
  },
};
