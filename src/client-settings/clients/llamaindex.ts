import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey } from '../key.ts';
import { toPythonString } from '../quoting.ts';

/** LlamaIndex for Python. */
export const llamaIndex: Client = {
  id: 'llamaindex',
  name: 'LlamaIndex',
  checked: 'llama-index-llms-openai-like 0.8.1, 2026-11-28',
  describe: (facts) => ({
    about:
      'pip install llama-index-llms-openai-like. Its class OpenAI accepts OpenAI’s own models only.',
    snippets: [
      {
        title: '',
        language: 'python',
        text: `${toPythonImports(facts, ['from llama_index.llms.openai_like import OpenAILike'])}
llm = OpenAILike(
    model=${toPythonString(facts.id)},
    api_base=${toPythonString(`${facts.url}/v1`)},
    api_key=${toPythonKey(facts)},${facts.window === null ? '' : `\n    context_window=${facts.window},`}
    is_chat_model=True,
    is_function_calling_model=True,
)
print(llm.complete("Hello"))`,
      },
    ],
  }),
};
