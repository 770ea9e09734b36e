import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ListedModel, ModelState } from '../../src/catalog/model.ts';
import { readModelList } from '../../src/catalog/read-model-list.ts';
import { resolveModel } from '../../src/resolve/resolve-model.ts';
import { inputs } from '../fuzz.ts';
import { read, readOne, type Running } from './read-list.ts';

const names = (models: readonly ListedModel[]) => models.map(({ model }) => model);

describe('a model list', () => {
  it.each([
    ['null', null],
    ['a text', 'models'],
    ['an array', [{ id: 'a' }]],
    ['an error', { error: { message: 'no' } }],
    ['a list without data', { object: 'list' }],
    ['data that is null without the word list', { data: null }],
    ['data that is null in something else', { object: 'error', data: null }],
    ['data that is an object', { data: { id: 'a' } }],
  ])('is not what %s is', (_, value) => {
    expect(readModelList(value, { provider: 'lab', running: null })).toBeNull();
  });

  test('may be empty', () => {
    expect(read([])).toEqual([]);
  });

  test('is empty where Ollama has nothing pulled', () => {
    expect(read(null)).toEqual([]);
  });

  test('may say of a model no more than its ID', () => {
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
      },
    ]);
  });

  test('may say everything that a current release says', () => {
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
      meta: { n_ctx: 4096, llamaswap: { type: 'model', aliases: ['fast', 'small'] } },
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
    ['half a surrogate pair in its ID', { id: 'a\ud800' }],
    ['a space after its ID', { id: 'a ' }],
    ['an ID too long beside its provider', { id: 'm'.repeat(509) }],
    ['nothing of an object', 'a'],
    ['null', null],
    ['an array', ['a']],
  ])('passes over a record with %s, and keeps the others', (_, record) => {
    expect(names(read([record, { id: 'sound' }, record]))).toEqual(['sound']);
  });

  test('keeps the longest ID that fits beside its provider', () => {
    expect(read([{ id: 'm'.repeat(508) }])).toHaveLength(1);
  });

  test('has each model once, as it was listed first', () => {
    const models = read([{ id: 'a', name: 'First' }, { id: 'b' }, { id: 'a', name: 'Second' }]);
    expect(models.map(({ name }) => name)).toEqual(['First', 'b']);
  });
});

describe('the order of models', () => {
  test('takes digits as numbers', () => {
    const sorted = ['q-1.5b', 'q-2-7b', 'q-2-14b', 'q-10', 'q2', 'q10:2', 'q10:10'];
    expect(names(read(sorted.toReversed().map((id) => ({ id }))))).toEqual(sorted);
  });

  test('is the same for any order of arrival, also among names that compare as equal', () => {
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

describe('a name', () => {
  it.each([
    ['is the ID where there is none', undefined, 'q'],
    ['is the ID where it is null', null, 'q'],
    ['is the ID where it is empty', '', 'q'],
    ['is the ID where it is a number', 7, 'q'],
    ['is shown as it is', 'Qwen <3> 🦙', 'Qwen <3> 🦙'],
  ])('%s', (...[, name, expected]) => {
    expect(readOne({ name })?.name).toBe(expected);
  });
});

describe('a context window', () => {
  it.each([
    ['is what context_length says', { context_length: 8192 }, 8192],
    ['is what n_ctx says where nothing else does', { meta: { n_ctx: 4096 } }, 4096],
    ['is context_length before n_ctx', { context_length: 1, meta: { n_ctx: 2 } }, 1],
    ['is n_ctx where context_length is no number', { context_length: '8k', meta: { n_ctx: 2 } }, 2],
    ['is what max_model_len says in a list of vLLM', { max_model_len: 2048 }, 2048],
    ['may be a billion', { context_length: 1e9 }, 1e9],
    ['is not negative', { context_length: -1 }, null],
    ['is not negative in n_ctx', { meta: { n_ctx: -4096 } }, null],
    ['is not a text', { context_length: '8192' }, null],
    ['is not a trillion', { context_length: 1e12 }, null],
    ['is not 0', { context_length: 0 }, null],
    ['is not 0 in n_ctx', { meta: { n_ctx: 0 } }, null],
    ['has no fraction', { context_length: 1.5 }, null],
    ['is not null', { context_length: null, meta: { n_ctx: null } }, null],
    ['is not without a place', { meta: null }, null],
    ['is not infinite', { context_length: Infinity }, null],
  ])('%s', (...[, record, expected]) => {
    expect(readOne(record)?.declaredContext).toBe(expected);
  });
});

describe('a state', () => {
  const peer = { meta: { llamaswap: { type: 'peer', peerID: 'far' } } };
  const alias = { meta: { llamaswap: { type: 'alias', modelID: 'real' } } };
  const loaded = { status: { value: 'loaded' } };
  const unloaded = { status: { value: 'unloaded' } };
  const nobody = new Map<string, ModelState>();
  it.each<[[ModelState, string], object, Running]>([
    [['unknown', 'where nobody says anything'], {}, null],
    [['unknown', 'where it is only loaded'], loaded, null],
    [['stopped', 'where it is unloaded'], unloaded, null],
    [['unknown', 'where the status is new'], { status: { value: 'asleep' } }, null],
    [['unknown', 'where the status is null'], { status: null }, null],
    [['unknown', 'where the status is a text'], { status: 'unloaded' }, null],
    [['ready', 'where it runs'], loaded, new Map([['q', 'ready']])],
    [['ready', 'where it runs without a status'], {}, new Map([['q', 'ready']])],
    [['starting', 'where it starts'], loaded, new Map([['q', 'starting']])],
    [['stopping', 'where it stops'], unloaded, new Map([['q', 'stopping']])],
    [['unknown', 'where its running state is new'], {}, new Map([['q', 'unknown']])],
    [['stopped', 'where another runs'], {}, new Map([['p', 'ready']])],
    [['stopped', 'where nothing runs any more'], loaded, nobody],
    [['unknown', 'for a peer, of whose models nobody tells'], { ...peer, ...unloaded }, nobody],
    [['unknown', 'for a peer without /running'], { ...peer, ...unloaded }, null],
    [['ready', 'where the model it is an alias of is ready'], alias, new Map([['real', 'ready']])],
    [['stopped', 'where the model an alias means does not run'], alias, nobody],
  ])('is %s', (...[[state], record, running]) => {
    expect(readOne(record, running)?.state).toBe(state);
  });
});

describe('aliases and capabilities', () => {
  it.each([
    ['none where there are none', {}, [], []],
    ['none where they are null', { capabilities: null, meta: { llamaswap: null } }, [], []],
    ['none where aliases are a text', { meta: { llamaswap: { aliases: 'fast' } } }, [], []],
    ['none where capabilities are texts', { capabilities: ['vision'] }, [], []],
    ['none where capabilities are truths without names', { capabilities: [true] }, [], []],
    ['only what is true', { capabilities: { a: true, b: 1, c: 'true', d: null } }, [], ['a']],
    ['in the order of the alphabet', { capabilities: { b: true, a: true } }, [], ['a', 'b']],
  ])('are %s', (...[, record, aliases, capabilities]) => {
    expect(readOne(record)).toMatchObject({ aliases, capabilities });
  });
});

describe('whatever a host answers', () => {
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

  test('nothing is thrown for any JSON', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(() => readModelList(value, { provider: 'lab', running: null })).not.toThrow();
      expect(
        Array.isArray(readModelList({ data: [value] }, { provider: 'lab', running: null })),
      ).toBe(true);
    });
    fc.assert(property, inputs(500));
  });

  test('every model that is listed can be asked for by its ID, and is sound', () => {
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
