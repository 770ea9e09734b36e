import { toAttribute, toPythonString, toShellWord, toTypeScriptString } from './quoting.ts';

/** The connection data that programs need. */
export interface Connection {
  /** The gateway's address, without a trailing slash. */
  readonly origin: string;
  /** The model's composite ID. */
  readonly id: string;
  /** The gateway's key; null if it requires none. */
  readonly key: string | null;
}

/** Settings of a program to copy. */
interface Snippet {
  /** The title, if the program has several snippets; else empty. */
  readonly title: string;
  readonly text: string;
}

/** The instructions to connect a program. */
export interface Program {
  readonly name: string;
  /** Where the settings go, and other notes. */
  readonly about: string;
  readonly snippets: readonly Snippet[];
}

/** The text shown in place of the key. */
export const MASK = '••••••••';

const GREETING = [{ role: 'user', content: 'Hello' }];

/** Returns the settings of every program, for one model. */
export function toPrograms(connection: Connection): Program[] {
  return [
    toCurl(connection),
    toPython(connection),
    toTypeScript(connection),
    toClaudeCode(connection),
    toOpencode(connection),
    toOpenWebUi(connection),
    toPicker(connection),
  ];
}

function toCurl({ origin, id, key }: Connection): Program {
  const body = JSON.stringify({ model: id, messages: GREETING });
  const lines = [
    `curl ${toShellWord(`${origin}/v1/chat/completions`)}`,
    ...(key === null ? [] : [`-H ${toShellWord(`authorization: Bearer ${key}`)}`]),
    "-H 'content-type: application/json'",
    `-d ${toShellWord(body)}`,
  ];
  const about = 'Add "stream": true to the body to stream the answer.';
  return toProgram({ name: 'curl', about, text: lines.join(' \\\n  ') });
}

function toPython({ origin, id, key }: Connection): Program {
  const [url, apiKey, model] = [`${origin}/v1`, key ?? 'any', id].map(toPythonString);
  const text = `from openai import OpenAI

client = OpenAI(base_url=${url}, api_key=${apiKey})
answer = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;
  return toProgram({ name: 'Python', about: 'Uses OpenAI’s library: pip install openai.', text });
}

function toTypeScript({ origin, id, key }: Connection): Program {
  const [url, apiKey, model] = [`${origin}/v1`, key ?? 'any', id].map(toTypeScriptString);
  const text = `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: ${url}, apiKey: ${apiKey} });
const stream = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: 'user', content: 'Hello' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');`;
  return toProgram({
    name: 'TypeScript',
    about: 'Uses OpenAI’s library: npm install openai.',
    text,
  });
}

function toClaudeCode({ origin, id, key }: Connection): Program {
  const [url, token, model] = [origin, key ?? 'any', id].map(toShellWord);
  const text = `export ANTHROPIC_BASE_URL=${url} ANTHROPIC_AUTH_TOKEN=${token}
export ANTHROPIC_DEFAULT_OPUS_MODEL=${model}
export ANTHROPIC_DEFAULT_SONNET_MODEL=${model}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${model}
claude`;
  const about =
    'All three names use the same model. Otherwise the host would swap models in and out of memory.';
  return toProgram({ name: 'Claude Code', about, text });
}

function toOpencode({ origin, id, key }: Connection): Program {
  // opencode inserts the value of the environment variable, so the file holds no key. `headerTimeout: false` keeps it
  // from giving up on a model that takes more than five minutes to load.
  const apiKey = key === null ? {} : { apiKey: '{env:PADDOCK_API_KEY}' };
  const options = { baseURL: `${origin}/v1`, ...apiKey, headerTimeout: false };
  const config = {
    $schema: 'https://opencode.ai/config.json',
    provider: {
      paddock: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Paddock',
        options,
        models: { [id]: {} },
      },
    },
    model: `paddock/${id}`,
  };
  const file = '~/.config/opencode/opencode.json';
  const header = key === null ? '' : '-H "authorization: Bearer $PADDOCK_API_KEY" ';
  const url = toShellWord(`${origin}/api/opencode.json`);
  return {
    name: 'opencode',
    about: `The command writes all models with their limits to a new file. It never overwrites a file. To merge into an existing file, run npx llama-paddock opencode --url ${toShellWord(origin)} --into ${file} in Paddock’s folder: the package is not on npm yet.`,
    snippets: [
      ...(key === null
        ? []
        : [{ title: 'Key, for both', text: `export PADDOCK_API_KEY=${toShellWord(key)}` }]),
      {
        title: 'All models',
        text: `curl -fsS ${header}${url} --create-dirs --no-clobber -o ${file}`,
      },
      { title: 'Only this model', text: JSON.stringify(config, null, 2) },
    ],
  };
}

function toOpenWebUi({ origin, key }: Connection): Program {
  const { port } = new URL(origin);
  const inside = `http://host.docker.internal${port === '' ? '' : `:${port}`}/v1`;
  return {
    name: 'Open WebUI',
    about: `Open Admin Settings, Connections, OpenAI API. In a container on Paddock’s machine, use the URL ${inside} and start Paddock with HOST=0.0.0.0.`,
    snippets: [
      { title: 'URL', text: `${origin}/v1` },
      { title: 'Key', text: key ?? 'any' },
    ],
  };
}

function toPicker({ origin, id }: Connection): Program {
  const attributes = `src=${toAttribute(origin)} name="model" value=${toAttribute(id)}`;
  const text = `<script type="module" src=${toAttribute(`${origin}/picker.js`)}></script>
<model-picker ${attributes}></model-picker>`;
  const about =
    'The model picker of this console, for your own page or form. Add the page’s origin to CORS_ORIGINS. If Paddock requires a key, set the element’s property key.';
  return toProgram({ name: 'Your own page', about, text });
}

function toProgram({ name, about, text }: { name: string; about: string; text: string }): Program {
  return { name, about, snippets: [{ title: '', text }] };
}
