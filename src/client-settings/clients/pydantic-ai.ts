import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey } from '../key.ts';
import { toPythonString } from '../quoting.ts';

/** Pydantic AI. */
export const pydanticAi: Client = {
  id: 'pydantic-ai',
  name: 'Pydantic AI',
  checked: '2.66.0, 2026-11-28',
  describe: (facts) => ({
    about: 'pip install pydantic-ai.',
    snippets: [
      {
        title: '',
        language: 'python',
        text: `${toPythonImports(facts, [
          'from pydantic_ai import Agent',
          'from pydantic_ai.models.openai import OpenAIChatModel',
          'from pydantic_ai.providers.openai import OpenAIProvider',
        ])}
provider = OpenAIProvider(base_url=${toPythonString(`${facts.url}/v1`)}, api_key=${toPythonKey(facts)})
agent = Agent(OpenAIChatModel(${toPythonString(facts.id)}, provider=provider))
print(agent.run_sync("Hello").output)`,
      },
    ],
  }),
};
