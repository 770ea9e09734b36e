import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { MergedCatalog } from '../../src/catalog/merge-catalog.ts';
import { toOpenAiModels } from '../../src/catalog/openai-models.ts';
import { finish } from '../../src/steps.ts';
import { groupOf, modelOf } from './samples.ts';

const BARE = {
  object: 'model',
  type: 'model',
  created: 0,
  created_at: '1970-01-01T00:00:00Z',
};

const NONE: Catalog = {
  generatedAt: '2026-11-22T10:00:01.000Z',
  defaultModel: null,
  favorites: [],
  hiddenFavorites: 0,
  providers: [],
};

function list(
  catalog: Partial<MergedCatalog>,
  aliases: Readonly<Record<string, string>> = {},
): readonly any[] {
  const merged = { ...NONE, details: new Map(), running: [], ...catalog };
  return finish(toOpenAiModels(merged, new Map(Object.entries(aliases))));
}

const single = (...args: Parameters<typeof modelOf>) =>
  list({ providers: [groupOf('lab', { models: [modelOf(...args)] })] })[0];

describe('toOpenAiModels', () => {
  it('lists favorites first, and each model once', () => {
    const star = modelOf('lab/star', { favorite: true });
    const providers = [
      groupOf('desk', { models: [modelOf('desk/a')] }),
      groupOf('lab', { models: [modelOf('lab/b'), star] }),
    ];
    const ids = list({ favorites: [star], providers }).map(({ id }) => id);
    expect(ids).toEqual(['lab/star', 'desk/a', 'lab/b']);
  });

  it('writes only what is known', () => {
    const unknown = modelOf('lab/a', { state: 'unknown' });
    expect(list({ providers: [groupOf('lab', { models: [unknown] })] })).toEqual([
      { id: 'lab/a', ...BARE, owned_by: 'lab', name: 'a', display_name: 'a' },
    ]);
  });

  it('writes every field that is known', () => {
    const model = modelOf('lab/a', {
      name: 'Model A',
      description: 'For tests',
      state: 'ready',
      contextWindow: 8192,
      contextSource: 'declared',
      capabilities: ['function_calling', 'vision'],
      modalities: { input: ['text', 'image'], output: ['text'] },
    });
    const details = new Map([['lab/a', { parameters: ['tools'], llamaSwap: { rack: 2 } }]]);
    expect(list({ providers: [groupOf('lab', { models: [model] })], details })).toEqual([
      {
        id: 'lab/a',
        ...BARE,
        owned_by: 'lab',
        name: 'Model A',
        display_name: 'Model A',
        description: 'For tests',
        context_length: 8192,
        status: { value: 'loaded' },
        architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
        capabilities: { function_calling: true, vision: true },
        supported_parameters: ['tools'],
        meta: { llamaswap: { rack: 2 } },
      },
    ]);
  });

  it.each([
    ['ready', { value: 'loaded' }],
    ['starting', { value: 'loaded' }],
    ['stopping', { value: 'loaded' }],
    ['stopped', { value: 'unloaded' }],
    ['unknown', undefined],
  ] as const)('writes the status of a model that is %s', (state, status) => {
    expect(single('lab/a', { state }).status).toEqual(status);
  });

  it('adds the provider’s label to a name that models of several providers have', () => {
    const providers = [
      groupOf('desk', { label: 'Desktop', models: [modelOf('desk/a'), modelOf('desk/b')] }),
      groupOf('lab', { label: 'Lab', models: [modelOf('lab/a'), modelOf('lab/c', { name: 'b' })] }),
    ];
    const names = list({ providers }).map(({ id, name, display_name: display }) => {
      expect(display).toBe(name);
      return [id, name];
    });
    expect(Object.fromEntries(names)).toEqual({
      'desk/a': 'a (Desktop)',
      'desk/b': 'b (Desktop)',
      'lab/a': 'a (Lab)',
      'lab/c': 'b (Lab)',
    });
  });

  it('leaves a name that only models of one provider have', () => {
    const models = [modelOf('lab/a', { name: 'Same' }), modelOf('lab/b', { name: 'Same' })];
    const names = list({ providers: [groupOf('lab', { models })] }).map(({ name }) => name);
    expect(names).toEqual(['Same', 'Same']);
  });

  it('lists aliases after the models, each with the fields of its model', () => {
    const model = modelOf('lab/a', { description: 'A', aliases: ['fast', 'claude-home'] });
    const providers = [groupOf('lab', { models: [model, modelOf('lab/b')] })];
    const rows = list({ providers }, { 'claude-home': 'lab/a' });
    expect(rows.map(({ id }) => id)).toEqual(['lab/a', 'lab/b', 'lab/fast', 'claude-home']);
    const meta = { paddock: { type: 'alias', model: 'lab/a' } };
    expect(rows.slice(2)).toMatchObject([
      { description: 'A', owned_by: 'lab', meta },
      { description: 'A', owned_by: 'lab', meta },
    ]);
  });

  it('lists an alias once if its provider lists it too', () => {
    const models = [
      modelOf('lab/a', { aliases: ['fast'] }),
      modelOf('lab/fast', { kind: 'alias', name: 'Fast' }),
    ];
    const rows = list({ providers: [groupOf('lab', { models })] });
    expect(rows.map(({ id, name }) => [id, name])).toEqual([
      ['lab/a', 'a'],
      ['lab/fast', 'Fast'],
    ]);
    expect(rows[1].meta).toEqual({ paddock: { type: 'alias' } });
  });

  it('lists at most 1,000 aliases of a provider, and all of the settings', () => {
    const toAliases = (model: string) => Array.from({ length: 64 }, (_, at) => `${model}-${at}`);
    const models = Array.from({ length: 100 }, (_, at) =>
      modelOf(`lab/m${at}`, { aliases: toAliases(`m${at}`) }),
    );
    models.push(modelOf('lab/z', { aliases: ['quick'] }));
    const rows = list({ providers: [groupOf('lab', { models })] }, { quick: 'lab/z' });
    expect(rows).toHaveLength(101 + 1000 + 1);
    expect(rows.at(-1).id).toBe('quick');
  });

  it('leaves out an alias that no request could name', () => {
    const models = [modelOf('lab/a', { aliases: ['a\nb', 'x'.repeat(512)] })];
    expect(list({ providers: [groupOf('lab', { models })] })).toHaveLength(1);
  });
});
