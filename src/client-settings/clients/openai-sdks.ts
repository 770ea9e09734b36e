import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey, toTypeScriptKey } from '../key.ts';
import { toPythonString, toTypeScriptString } from '../quoting.ts';

/** OpenAI's libraries for Python and TypeScript. */
export const openAiSdks: Client = {
  id: 'openai-sdk',
  name: 'OpenAI SDKs',
  checked: 'Python 3.57.0, TypeScript 6.49.0; 2026-11-28',
  describe: (facts) => ({
    about:
      'pip install openai, or npm install openai. Set a timeout if a model takes more than ten minutes to load.',
    snippets: [
      {
        title: 'Python',
        language: 'python',
        text: `${toPythonImports(facts, ['from openai import OpenAI'])}
client = OpenAI(base_url=${toPythonString(`${facts.url}/v1`)}, api_key=${toPythonKey(facts)})
answer = client.chat.completions.create(
    model=${toPythonString(facts.id)},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
      },
      {
        title: 'TypeScript',
        language: 'ts',
        text: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${toTypeScriptString(`${facts.url}/v1`)}, apiKey: ${toTypeScriptKey(facts)} });
const stream = await client.chat.completions.create({
  model: ${toTypeScriptString(facts.id)},
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');`,
      },
    ],
  }),
};
