import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ModelState } from '../../src/registry/provider-models.ts';
import type { ListedModel } from '../../src/catalog/model.ts';
import { resolveModel } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';
import { read, readOne, type Running, readModelList } from './read-list.ts';

const names = (models: readonly ListedModel[]) => models.map(({ model }) => model);

describe('readModelList', () => {
  it.each([
    ['null', null],
    ['a text', 'models'],
    ['an array', [{ id: 'a' }]],
    ['an error', { error: { message: 'no' } }],
    ['a list without data', { object: 'list' }],
    ['null data without the object "list"', { data: null }],
    ['null data of another object', { object: 'error', data: null }],
    ['an object as data', { data: { id: 'a' } }],
  ])('answers null for %s', (_, value) => {
    expect(readModelList(value, { provider: 'lab', running: null })).toBeNull();
  });

  test('reads an empty list', () => {
    expect(read([])).toEqual([]);
  });

  test('reads the null data of an Ollama without models as an empty list', () => {
    expect(read(null)).toEqual([]);
  });

  test('reads a record with an ID alone', () => {
    expect(read([{ id: 'Qwen/Qwen3:8b' }])).toEqual([
      {
        model: 'Qwen/Qwen3:8b',
        kind: 'model',
        peer: null,
        name: 'Qwen/Qwen3:8b',
        description: null,
        state: 'unknown',
        declaredContext: null,
        runsAs: 'Qwen/Qwen3:8b',
        servers: ['Qwen/Qwen3:8b'],
        aliases: [],
        capabilities: [],
        modalities: { input: [], output: [] },
        details: { parameters: [], llamaSwap: null },
      },
    ]);
  });

  test('reads every field of a current release', () => {
    const record = {
      id: 'q',
      object: 'model',
      created: 1_790_000_000,
      owned_by: 'llama-swap',
      name: 'Qwen',
      description: 'A model',
      status: { value: 'unloaded' },
      context_length: 32_768,
      capabilities: { vision: true, reranker: false, function_calling: true },
      architecture: {
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
        modality: 'text+image->text',
      },
      supported_parameters: ['tools', 'response_format'],
      meta: { n_ctx: 4096, llamaswap: { type: 'model', aliases: ['fast', 'small'], rack: 2 } },
    };
    expect(read([record])).toEqual([
      {
        model: 'q',
        kind: 'model',
        peer: null,
        name: 'Qwen',
        description: 'A model',
        state: 'stopped',
        declaredContext: 32_768,
        runsAs: 'q',
        servers: ['q'],
        aliases: ['fast', 'small'],
        capabilities: ['function_calling', 'vision'],
        modalities: { input: ['text', 'image'], output: ['text'] },
        details: {
          parameters: ['tools', 'response_format'],
          llamaSwap: { type: 'model', aliases: ['fast', 'small'], rack: 2 },
        },
      },
    ]);
  });

  it.each([
    ['no ID', {}],
    ['an ID that is null', { id: null }],
    ['an ID that is a number', { id: 7 }],
    ['an empty ID', { id: '' }],
    ['a line break in its ID', { id: 'a\nb' }],
    ['a NUL in its ID', { id: 'a\0' }],
    ['a lone surrogate in its ID', { id: 'a\ud800' }],
    ['a space after its ID', { id: 'a ' }],
    ['an ID that is too long with its provider’s name', { id: 'm'.repeat(509) }],
    ['text instead of an object', 'a'],
    ['null instead of an object', null],
    ['an array instead of an object', ['a']],
  ])('skips a record with %s, and keeps the others', (_, record) => {
    expect(names(read([record, { id: 'sound' }, record]))).toEqual(['sound']);
  });

  test('keeps the longest ID that fits with its provider’s name', () => {
    expect(read([{ id: 'm'.repeat(508) }])).toHaveLength(1);
  });

  test('keeps the first of several records with one ID', () => {
    const models = read([{ id: 'a', name: 'First' }, { id: 'b' }, { id: 'a', name: 'Second' }]);
    expect(models.map(({ name }) => name)).toEqual(['First', 'b']);
  });
});

describe('the order of models', () => {
  test('compares digits as numbers', () => {
    const sorted = ['q-1.5b', 'q-2-7b', 'q-2-14b', 'q-10', 'q2', 'q10:2', 'q10:10'];
    expect(names(read(sorted.toReversed().map((id) => ({ id }))))).toEqual(sorted);
  });

  test('does not depend on the order of the records, even for names that compare as equal', () => {
    const ids = [
      'q7',
      'q07',
      'q007',
      'Q7',
      'é',
      'e\u0301',
      'a',
      'A',
      'ａ',
      'q 7',
      'q-7',
      '__proto__',
    ];
    const once = names(read(ids.map((id) => ({ id }))));
    const property = fc.property(
      fc.shuffledSubarray(ids, { minLength: ids.length }),
      (shuffled) => {
        expect(names(read(shuffled.map((id) => ({ id }))))).toEqual(once);
      },
    );
    fc.assert(property, inputs(500));
  });
});

describe('the name', () => {
  it.each([
    ['is the ID when it is missing', undefined, 'q'],
    ['is the ID when it is null', null, 'q'],
    ['is the ID when it is empty', '', 'q'],
    ['is the ID when it is a number', 7, 'q'],
    ['is unchanged otherwise', 'Qwen <3> 🦙', 'Qwen <3> 🦙'],
  ])('%s', (...[, name, expected]) => {
    expect(readOne({ name })?.name).toBe(expected);
  });
});

describe('the context window', () => {
  it.each([
    ['is context_length', { context_length: 8192 }, 8192],
    ['is n_ctx without context_length', { meta: { n_ctx: 4096 } }, 4096],
    ['is context_length rather than n_ctx', { context_length: 1, meta: { n_ctx: 2 } }, 1],
    [
      'is n_ctx when context_length is not a number',
      { context_length: '8k', meta: { n_ctx: 2 } },
      2,
    ],
    ['is max_model_len in a list of vLLM', { max_model_len: 2048 }, 2048],
    ['may be a billion', { context_length: 1e9 }, 1e9],
    ['is null for a negative number', { context_length: -1 }, null],
    ['is null for a negative n_ctx', { meta: { n_ctx: -4096 } }, null],
    ['is null for text', { context_length: '8192' }, null],
    ['is null for a trillion', { context_length: 1e12 }, null],
    ['is null for 0', { context_length: 0 }, null],
    ['is null for an n_ctx of 0', { meta: { n_ctx: 0 } }, null],
    ['is null for a fraction', { context_length: 1.5 }, null],
    ['is null for null', { context_length: null, meta: { n_ctx: null } }, null],
    ['is null without meta', { meta: null }, null],
    ['is null for infinity', { context_length: Infinity }, null],
  ])('%s', (...[, record, expected]) => {
    expect(readOne(record)?.declaredContext).toBe(expected);
  });
});

describe('the state', () => {
  const peer = { meta: { llamaswap: { type: 'peer', peerID: 'far' } } };
  const alias = { meta: { llamaswap: { type: 'alias', modelID: 'real' } } };
  const loaded = { status: { value: 'loaded' } };
  const unloaded = { status: { value: 'unloaded' } };
  const idle = new Map<string, ModelState>();
  it.each<[[ModelState, string], object, Running]>([
    [['unknown', 'without status and /running'], {}, null],
    [['unknown', 'for status loaded without /running'], loaded, null],
    [['stopped', 'for status unloaded without /running'], unloaded, null],
    [['unknown', 'for an unfamiliar status'], { status: { value: 'asleep' } }, null],
    [['unknown', 'for a null status'], { status: null }, null],
    [['unknown', 'for a status of text'], { status: 'unloaded' }, null],
    [['ready', 'when /running has it ready'], loaded, new Map([['q', 'ready']])],
    [['ready', 'when /running has it ready, without a status'], {}, new Map([['q', 'ready']])],
    [['starting', 'when /running has it starting'], loaded, new Map([['q', 'starting']])],
    [['stopping', 'when /running has it stopping'], unloaded, new Map([['q', 'stopping']])],
    [['unknown', 'when /running has it in an unfamiliar state'], {}, new Map([['q', 'unknown']])],
    [['stopped', 'when /running has only another model'], {}, new Map([['p', 'ready']])],
    [['stopped', 'when /running is empty'], loaded, idle],
    [['unknown', 'for a peer'], { ...peer, ...unloaded }, idle],
    [['unknown', 'for a peer without /running'], { ...peer, ...unloaded }, null],
    [['ready', 'for an alias of a ready model'], alias, new Map([['real', 'ready']])],
    [['stopped', 'for an alias of a stopped model'], alias, idle],
  ])('is %s', (...[[state], record, running]) => {
    expect(readOne(record, running)?.state).toBe(state);
  });
});

describe('aliases and capabilities', () => {
  it.each([
    ['empty when they are missing', {}, [], []],
    ['empty when they are null', { capabilities: null, meta: { llamaswap: null } }, [], []],
    ['empty when aliases are text', { meta: { llamaswap: { aliases: 'fast' } } }, [], []],
    ['empty when capabilities are a list of names', { capabilities: ['vision'] }, [], []],
    ['empty when capabilities are a list of booleans', { capabilities: [true] }, [], []],
    ['those that are true', { capabilities: { a: true, b: 1, c: 'true', d: null } }, [], ['a']],
    ['in alphabetical order', { capabilities: { b: true, a: true } }, [], ['a', 'b']],
  ])('are %s', (...[, record, aliases, capabilities]) => {
    expect(readOne(record)).toMatchObject({ aliases, capabilities });
  });
});

describe('for any answer of an upstream', () => {
  const scrap = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom('model', 'peer', 'loaded'));
  const id = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'a10', 'a9', 7, null));
  const record = fc.record(
    {
      id,
      name: scrap,
      description: scrap,
      context_length: scrap,
      status: fc.oneof(scrap, fc.record({ value: scrap })),
      capabilities: fc.oneof(scrap, fc.dictionary(fc.string(), scrap)),
      meta: fc.oneof(
        scrap,
        fc.record({
          n_ctx: scrap,
          llamaswap: fc.record({ type: scrap, modelID: scrap, aliases: scrap }),
        }),
      ),
    },
    { requiredKeys: [] },
  );

  test('never throws', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(() => readModelList(value, { provider: 'lab', running: null })).not.toThrow();
      expect(
        Array.isArray(readModelList({ data: [value] }, { provider: 'lab', running: null })),
      ).toBe(true);
    });
    fc.assert(property, inputs(500));
  });

  test('every listed model resolves by its ID, and has valid fields', () => {
    const settings = { providers: new Set(['lab']), aliases: new Map(), defaultProvider: 'lab' };
    const property = fc.property(fc.array(fc.oneof(record, fc.jsonValue())), (records) => {
      const models = read(records);
      expect(new Set(names(models)).size).toBe(models.length);
      for (const { model, name, declaredContext } of models) {
        const written = `lab/${model}`;
        expect(resolveModel(written, settings)).toMatchObject({ id: written, model });
        expect(name).not.toBe('');
        if (declaredContext === null) continue;
        expect(Number.isInteger(declaredContext)).toBe(true);
        expect(declaredContext).toBeGreaterThan(0);
      }
    });
    fc.assert(property, inputs(500));
  });
});
