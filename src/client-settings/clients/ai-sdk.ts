import type { Client } from '../client.ts';
import { toTypeScriptKey } from '../key.ts';
import { toTypeScriptString } from '../quoting.ts';

/** Vercel's AI SDK. */
export const aiSdk: Client = {
  id: 'ai-sdk',
  name: 'AI SDK',
  checked: '6.0.326, 2026-11-28',
  describe: (facts) => ({
    about: 'npm install ai @ai-sdk/openai-compatible.',
    snippets: [
      {
        title: '',
        language: 'ts',
        text: `import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';

const paddock = createOpenAICompatible({
  name: 'paddock',
  baseURL: ${toTypeScriptString(`${facts.url}/v1`)},
  apiKey: ${toTypeScriptKey(facts)},
});
const { text } = await generateText({ model: paddock(${toTypeScriptString(facts.id)}), prompt: 'Hello' });
console.log(text);`,
      },
    ],
  }),
};
