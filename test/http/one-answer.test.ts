import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromOpencodeRef, toOpencodeRef } from '../../src/resolve/opencode-ref.ts';
import { modelList, json } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';
import { startRecorder, type Recorder } from '../recorder.ts';

// Every route and every setting resolves an ID to the same provider and model.

const ALIASES = 'fast=b/quick vendor/alias=b/x/y';

/** IDs that clients may have stored, and what they resolve to. */
const IDS: [text: string, provider: string, model: string][] = [
  ['b/quick', 'b', 'quick'],
  ['b/vendor/model:q4', 'b', 'vendor/model:q4'],
  ['quick', 'a', 'quick'],
  ['vendor/model:q4', 'a', 'vendor/model:q4'],
  ['fast', 'b', 'quick'],
  ['vendor/alias', 'b', 'x/y'],
  [' b/quick ', 'b', 'quick'],
  ['b/a/quick', 'b', 'a/quick'],
  ['embedding/deepseek-r1-qwen3-8b', 'embedding', 'deepseek-r1-qwen3-8b'],
  ['deepseek/r1', 'a', 'deepseek/r1'],
  ['paddock/b/quick', 'a', 'paddock/b/quick'],
  ['llama-swap/quick', 'a', 'llama-swap/quick'],
  ['b/größe 7:b ?#', 'b', 'größe 7:b ?#'],
];

let recorder: Recorder;

beforeAll(async () => {
  recorder = await startRecorder((response, { url }) => {
    if (url === '/v1/models') return json(modelList('quick'))({} as never, response);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
afterAll(() => recorder.close());

const PROVIDERS = () =>
  ['a', 'b', 'embedding'].map((name) => `${name}=openai://127.0.0.1:${recorder.port}`).join(' ');

function make(settings: Record<string, string> = {}) {
  return makeApp({ PROVIDERS: PROVIDERS(), MODEL_ALIASES: ALIASES, ...settings });
}

type App = ReturnType<typeof make>;

/** The provider and the model that answered a chat request. */
async function chat(app: App, model?: string): Promise<[string | null, string]> {
  const answer = await app.ask('/v1/chat/completions', {
    ...put({ model, messages: [] }),
    method: 'POST',
  });
  expect(answer.status).toBe(200);
  const { headers } = answer;
  return [
    headers.get('x-paddock-provider'),
    decodeURIComponent(headers.get('x-paddock-model') ?? ''),
  ];
}

const toPair = ({ id }: { id: string }) => [
  id.slice(0, id.indexOf('/')),
  id.slice(id.indexOf('/') + 1),
];

describe.each(IDS)('"%s"', (text, provider, model) => {
  const expected = [provider, model];
  const query = encodeURIComponent(text);

  it('resolves to the same model in chats, /api/resolve, /api/context and favorites', async () => {
    const app = make();
    expect(await chat(app, text)).toEqual(expected);
    expect(JSON.parse(String(recorder.received.at(-1)?.body)).model).toBe(model);
    const resolved = await app.read(`/api/resolve?model=${query}`);
    expect([resolved.provider, resolved.model]).toEqual(expected);
    expect(toPair(await app.read(`/api/context?model=${query}`))).toEqual(expected);
    const favorite = await app.read(`/api/favorites/${query}`, { method: 'PUT' });
    expect(toPair(favorite)).toEqual(expected);
  });

  it.each(['DEFAULT_MODEL', 'TASK_MODEL', 'COMPACTION_MODEL', 'ARENA_MODELS'])(
    'resolves to the same model in %s',
    async (variable) => {
      const app = make({ [variable]: text });
      const { roles } = await app.read('/api/roles');
      const role = variable.split('_')[0]?.toLowerCase() ?? '';
      const [one] = [roles[role]].flat();
      expect([one.provider, one.model]).toEqual(expected);
      const resolved = await app.read(`/api/resolve?role=${role}`);
      expect([resolved.provider, resolved.model]).toEqual(expected);
      if (role === 'default') expect(await chat(app)).toEqual(expected);
    },
  );

  it('resolves to the same model by opencode’s reference and configuration', async () => {
    const app = make({ DEFAULT_MODEL: text });
    const id = fromOpencodeRef(toOpencodeRef(text.trim())) ?? '';
    expect(await chat(app, id)).toEqual(expected);
    const config = await app.read('/api/opencode.json');
    const listed = fromOpencodeRef(config.model) ?? '';
    expect(Object.keys(config.provider.paddock.models)).toContain(listed);
    expect(await chat(app, listed)).toEqual(expected);
  });
});

it('resolves old opencode references to the default provider', async () => {
  const app = make();
  for (const model of ['quick', 'vendor/model:q4']) {
    const id = fromOpencodeRef(`llama-swap/${model}`) ?? '';
    expect(await chat(app, id)).toEqual(['a', model]);
  }
});

describe('the address in opencode’s configuration', () => {
  const read = async (headers: Record<string, string>) => {
    const config = await make().read('/api/opencode.json', { headers });
    return config.provider.paddock.options.baseURL;
  };
  it.each([
    ['is the address of the request', {}, 'http://paddock/v1'],
    ['has https behind a TLS proxy', { 'x-forwarded-proto': 'https' }, 'https://paddock/v1'],
    [
      'is the address of the proxy',
      { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'paddock.tailnet.ts.net' },
      'https://paddock.tailnet.ts.net/v1',
    ],
    [
      'ignores invalid forwarding headers',
      { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': '/\\evil' },
      'http://paddock/v1',
    ],
  ])('%s', async (_, headers, baseUrl) => {
    expect(await read(headers)).toBe(baseUrl);
  });
});
