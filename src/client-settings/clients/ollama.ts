import type { Client } from '../client.ts';
import { toPythonImports, toPythonKey } from '../key.ts';
import { toPythonString } from '../quoting.ts';

/** Programs that know only Ollama. */
export const ollama: Client = {
  id: 'ollama',
  name: 'Home Assistant (Ollama)',
  checked: 'package ollama 0.6.3, 2026-11-28',
  describe: (facts) => {
    const { url, id, needsKey } = facts;
    const headers = needsKey
      ? `, headers={"authorization": "Bearer " + ${toPythonKey(facts)}}`
      : '';
    return {
      about: `Programs that know only Ollama take Paddock’s address as Ollama’s. Only an Ollama provider uses the context size that they send.${needsKey ? ' Most cannot send a key: then leave API_KEYS empty, and let only your own network reach Paddock.' : ''}`,
      snippets: [
        { title: 'URL', language: 'text', text: url },
        { title: 'Model', language: 'text', text: id },
        {
          title: 'Python, with the package ollama',
          language: 'python',
          text: `${toPythonImports(facts, ['from ollama import Client'])}
client = Client(host=${toPythonString(url)}${headers})
answer = client.chat(
    model=${toPythonString(id)},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.message.content)`,
        },
      ],
    };
  },
};
