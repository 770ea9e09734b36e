import { toOpencodeLimit } from '../../catalog/opencode-limit.ts';
import type { Client, Facts } from '../client.ts';
import { KEY_VARIABLE } from '../key.ts';
import { toShellWord } from '../quoting.ts';

const FILE = '~/.config/opencode/opencode.json';

/** opencode, which uses OpenAI's API. */
export const opencode: Client = {
  id: 'opencode',
  name: 'opencode',
  checked: '1.18.33, 2026-11-28',
  describe: (facts) => {
    const { url, id, needsKey } = facts;
    const header = needsKey ? `-H "authorization: Bearer $${KEY_VARIABLE}" ` : '';
    const source = toShellWord(`${url}/api/opencode.json`);
    return {
      about: `The command writes all models that chat, with their limits, to a new file, and never overwrites one. To merge them into an existing file, run npx llama-paddock opencode --url ${toShellWord(url)} --into ${FILE} in Paddock’s folder: the package is not on npm yet. There, npx llama-paddock connect opencode --model ${toShellWord(id)} --write --url ${toShellWord(url)} merges only this model.`,
      snippets: [
        {
          title: 'All models',
          language: 'sh',
          text: `curl -fsS ${header}${source} --create-dirs --no-clobber -o ${FILE}`,
        },
        {
          title: 'Only this model',
          language: 'json',
          text: JSON.stringify(toConfig(facts), null, 2),
          file: { path: FILE, otherName: 'opencode.jsonc' },
        },
      ],
    };
  },
};

function toConfig({ url, id, window, hasVision, needsKey }: Facts): object {
  const model = {
    ...(hasVision && {
      attachment: true,
      modalities: { input: ['text', 'image'], output: ['text'] },
    }),
    ...(window !== null && { limit: toOpencodeLimit(window) }),
  };
  // opencode inserts the value of the environment variable, so the file holds no key. `headerTimeout: false` keeps it
  // from giving up on a model that takes more than five minutes to load.
  const apiKey = needsKey ? { apiKey: `{env:${KEY_VARIABLE}}` } : {};
  return {
    $schema: 'https://opencode.ai/config.json',
    provider: {
      paddock: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Paddock',
        options: { baseURL: `${url}/v1`, ...apiKey, headerTimeout: false },
        models: { [id]: model },
      },
    },
    model: `paddock/${id}`,
  };
}
