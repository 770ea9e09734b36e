import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey, toTypeScriptKey } from '../key.ts';
import { toPythonString, toTypeScriptString } from '../quoting.ts';

/** Anthropic's libraries for Python and TypeScript. */
export const anthropicSdks: Client = {
  id: 'anthropic-sdk',
  name: 'Anthropic SDKs',
  checked: 'Python 2.14.0, TypeScript 0.137.0; 2026-11-28',
  describe: (facts) => ({
    about: 'pip install anthropic, or npm install @anthropic-ai/sdk. The base URL has no /v1.',
    snippets: [
      {
        title: 'Python',
        language: 'python',
        text: `${toPythonImports(facts, ['from anthropic import Anthropic'])}
client = Anthropic(base_url=${toPythonString(facts.url)}, api_key=${toPythonKey(facts)})
answer = client.messages.create(
    model=${toPythonString(facts.id)},
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.content[0].text)`,
      },
      {
        title: 'TypeScript',
        language: 'ts',
        text: `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: ${toTypeScriptString(facts.url)}, apiKey: ${toTypeScriptKey(facts)} });
const answer = await client.messages.create({
  model: ${toTypeScriptString(facts.id)},
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.content);`,
      },
    ],
  }),
};
