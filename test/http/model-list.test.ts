import { describe, expect, it } from 'vitest';
import { json, startHost, startModels, text, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

const RECORD = {
  id: 'qwen',
  object: 'model',
  created: 1_790_000_000,
  owned_by: 'llama-swap',
  name: 'Qwen',
  description: 'A model',
  status: { value: 'unloaded' },
  context_length: 32_768,
  supported_parameters: ['tools'],
  capabilities: { function_calling: true, reranker: false },
  architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
  meta: { llamaswap: { type: 'model', aliases: ['fast'], rack: { row: 2 } } },
};

async function makeLab(record: object = RECORD, settings: Record<string, string> = {}) {
  const lab = await whileTesting(
    startHost({
      '/v1/models': json({ object: 'list', data: [record] }),
      '/running': json({ running: [] }),
    }),
  );
  return makeApp({ PROVIDERS: `lab=llama-swap://127.0.0.1:${lab.port}`, ...settings });
}

describe('GET /v1/models', () => {
  it('has every field of llama-swap’s own list', async () => {
    const app = await makeLab();
    const { data } = await app.read('/v1/models');
    const { created: _created, owned_by: _owner, ...fields } = RECORD;
    expect(data[0]).toEqual({
      ...fields,
      id: 'lab/qwen',
      type: 'model',
      created: 0,
      created_at: '1970-01-01T00:00:00Z',
      owned_by: 'lab',
      display_name: 'Qwen',
      capabilities: { function_calling: true, vision: true },
    });
  });

  it('lists aliases, by which GET /v1/models/{id} finds them', async () => {
    const app = await makeLab(RECORD, { MODEL_ALIASES: 'claude-local=lab/qwen' });
    const { data } = await app.read('/v1/models');
    expect(data.map(({ id }: any) => id)).toEqual(['lab/qwen', 'lab/fast', 'claude-local']);
    expect(await app.read('/v1/models/lab/fast')).toEqual(data[1]);
    expect(await app.read('/v1/models/claude-local')).toEqual(data[2]);
    expect(await app.read('/v1/models/qwen')).toEqual(data[0]);
  });

  it.each([
    ['nested too deep', `{"type":"model","deep":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['too long', `{"type":"model","long":"${'x'.repeat(5000)}"}`],
    ['a text', '"model"'],
    ['null', 'null'],
    ['a list', '["model"]'],
  ])('leaves out metadata that are %s', async (_, llamaswap) => {
    const list = `{"data":[{"id":"qwen","meta":{"llamaswap":${llamaswap}}}]}`;
    const lab = await whileTesting(startHost({ '/v1/models': text(list, 'application/json') }));
    const app = makeApp({ PROVIDERS: `lab=llama-swap://127.0.0.1:${lab.port}` });
    const { data } = await app.read('/v1/models');
    expect(data.map(({ id, meta }: any) => [id, meta])).toEqual([['lab/qwen', undefined]]);
  });

  it('keeps a member of the metadata with the name __proto__', async () => {
    const record = JSON.parse(
      '{"id":"q","meta":{"llamaswap":{"type":"model","__proto__":{"a":1}}}}',
    );
    const app = await makeLab(record);
    const response = await app.ask('/v1/models');
    expect(await response.text()).toContain('"llamaswap":{"type":"model","__proto__":{"a":1}}');
  });

  describe('in Anthropic’s format', () => {
    async function makeThree() {
      const { port } = await whileTesting(startModels(['a', 'b', 'c']));
      return makeApp({ PROVIDERS: `lab=llama-swap://127.0.0.1:${port}` });
    }

    it('answers every model to a request with anthropic-version', async () => {
      const app = await makeThree();
      const plain = await app.read('/v1/models');
      expect(plain).not.toHaveProperty('has_more');
      const response = await app.ask('/v1/models', {
        headers: { 'anthropic-version': '2023-06-01' },
      });
      const page = { first_id: 'lab/a', last_id: 'lab/c', has_more: false };
      expect(await response.json()).toEqual({ ...plain, ...page });
    });

    it('answers a page to a request with limit, after_id or before_id', async () => {
      const app = await makeThree();
      const read = async (query: string) => {
        const { data, first_id, last_id, has_more } = await app.read(`/v1/models?${query}`);
        return [data.map(({ id }: any) => id), first_id, last_id, has_more];
      };
      expect(await read('limit=2')).toEqual([['lab/a', 'lab/b'], 'lab/a', 'lab/b', true]);
      expect(await read('limit=2&after_id=lab/b')).toEqual([['lab/c'], 'lab/c', 'lab/c', false]);
      expect(await read('before_id=lab%2Fb')).toEqual([['lab/a'], 'lab/a', 'lab/a', false]);
    });

    it.each([
      ['/v1/models?limit=none', 400, 'invalid_request_error', /^limit must be/],
      ['/v1/models?limit=2&after_id=zz', 400, 'invalid_request_error', /^after_id names no model/],
      ['/v1/models/nothing', 404, 'not_found_error', /does not list "nothing"/],
    ])('has errors in Anthropic’s shape: %s', async (path, status, type, message) => {
      const headers = { 'anthropic-version': '2023-06-01' };
      const response = await (await makeThree()).ask(path, { headers });
      expect([response.status, await response.json()]).toEqual([
        status,
        { type: 'error', src: 'paddock', error: { type, message: expect.stringMatching(message) } },
      ]);
    });

    it('has errors in the shape of its page, also without the header', async () => {
      const app = await makeThree();
      expect(await app.read('/v1/models?limit=none')).toMatchObject({ type: 'error' });
      expect(await app.read('/v1/models/nothing')).toMatchObject({ error: { code: 'not_found' } });
    });
  });
});
