import type { Client } from '../client.ts';
import { ANY_KEY, KEY_VARIABLE, toPythonImports, toPythonKey } from '../key.ts';
import { toPythonString } from '../quoting.ts';

/** LiteLLM, as a library and as a proxy. */
export const liteLlm: Client = {
  id: 'litellm',
  name: 'LiteLLM',
  checked: 'library 1.110.2, 2026-11-28',
  describe: (facts) => {
    const { url, id, window, needsKey } = facts;
    const model = `openai/${id}`;
    return {
      about: 'The prefix openai/ selects the API.',
      snippets: [
        {
          title: 'In Python',
          language: 'python',
          text: `${toPythonImports(facts, ['from litellm import completion'])}
answer = completion(
    model=${toPythonString(model)},
    api_base=${toPythonString(`${url}/v1`)},
    api_key=${toPythonKey(facts)},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
        },
        {
          title: 'config.yaml of the proxy',
          language: 'yaml',
          text: [
            'model_list:',
            `  - model_name: ${JSON.stringify(id)}`,
            '    litellm_params:',
            `      model: ${JSON.stringify(model)}`,
            `      api_base: ${JSON.stringify(`${url}/v1`)}`,
            `      api_key: ${needsKey ? `os.environ/${KEY_VARIABLE}` : ANY_KEY}`,
            ...(window === null ? [] : ['    model_info:', `      max_input_tokens: ${window}`]),
          ].join('\n'),
        },
      ],
    };
  },
};
