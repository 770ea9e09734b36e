import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey } from '../key.ts';
import { toPythonString } from '../quoting.ts';

/** LangChain for Python. */
export const langChain: Client = {
  id: 'langchain',
  name: 'LangChain',
  checked: 'langchain-openai 1.7.4, 2026-11-28',
  describe: (facts) => ({
    about:
      'pip install langchain-openai. OpenAIEmbeddings also needs check_embedding_ctx_length=False, because it would send tokens of OpenAI’s own models instead of text.',
    snippets: [
      {
        title: '',
        language: 'python',
        text: `${toPythonImports(facts, ['from langchain_openai import ChatOpenAI'])}
chat = ChatOpenAI(
    model=${toPythonString(facts.id)},
    base_url=${toPythonString(`${facts.url}/v1`)},
    api_key=${toPythonKey(facts)},
)
print(chat.invoke("Hello").content)`,
      },
    ],
  }),
};
