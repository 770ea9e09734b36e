import { describe, expect, it } from 'vitest';
import type { ModelState } from '../../src/catalog/model.ts';
import { readModelList } from '../../src/catalog/read-model-list.ts';
import { read } from './read-list.ts';

describe('an entry that stands for others', () => {
  const swap = (id: string, llamaswap: object, rest: object = {}) => ({
    id,
    status: { value: 'unloaded' },
    meta: { llamaswap },
    ...rest,
  });
  const a = swap('a', { type: 'model', aliases: ['a2'] }, { context_length: 4096 });
  const b = swap('b', { type: 'model' }, { context_length: 8192, capabilities: { vision: true } });
  const far = swap('far/x', { type: 'peer', peerID: 'far' });
  const to = (strategy: string, ...targets: string[]) =>
    swap('s', { type: 'selector', strategy, targets });
  const pinned = swap('p', { type: 'profile' });
  const running = (states: Record<string, ModelState>) =>
    new Map(Object.entries(states).map(([name, state]) => [name, { state, commandContext: null }]));
  const find = (
    entry: { id: string },
    states: Record<string, ModelState> | null,
    pins: Record<string, string> = {},
  ) =>
    readModelList(
      { data: [a, b, far, entry] },
      {
        provider: 'lab',
        running: states === null ? null : running(states),
        pins: new Map(Object.entries(pins)),
      },
    )?.find(({ model }) => model === entry.id);

  it.each<[ModelState, string, object & { id: string }, Record<string, ModelState> | null]>([
    ['stopped', 'whose targets do not run', to('warm', 'a', 'b'), {}],
    ['ready', 'of which one is ready', to('warm', 'a', 'b'), { b: 'ready' }],
    ['ready', 'of which one starts', to('warm', 'a', 'b'), { a: 'starting', b: 'ready' }],
    ['starting', 'of which one starts, the others stop', to('warm', 'a', 'b'), { b: 'starting' }],
    ['ready', 'that names an alias', to('warm', 'a2'), { a: 'ready' }],
    ['stopped', 'that is pinned to the other', to('pin', 'a', 'b'), { b: 'ready' }],
    ['ready', 'that is pinned to it', to('pin', 'b', 'a'), { b: 'ready' }],
    ['unknown', 'that is pinned to a peer', to('pin', 'far/x', 'a'), { a: 'ready' }],
    ['unknown', "that is pinned to a peer's bare name", to('pin', 'x'), {}],
    ['unknown', 'that may spill over to a peer', to('spillover', 'a', 'far/x'), {}],
    ['ready', 'that may, and is ready here', to('spillover', 'far/x', 'a'), { a: 'ready' }],
    ['ready', 'of a model that is not listed', to('warm', 'hidden'), { hidden: 'ready' }],
    ['stopped', 'of one that does not run either', to('warm', 'hidden'), {}],
    ['stopped', 'where nothing tells what runs', to('warm', 'a', 'b'), null],
    ['unknown', 'without targets', to('warm'), { a: 'ready' }],
    ['unknown', 'that names itself', to('warm', 's'), { a: 'ready' }],
  ])('is %s for a selector %s', (...[state, , entry, states]) => {
    expect(find(entry, states)).toMatchObject({ kind: 'selector', state });
  });

  it.each<[ModelState, string, Record<string, string>, Record<string, ModelState> | null]>([
    ['ready', 'to a model that is ready', { p: 'a' }, { a: 'ready' }],
    ['starting', 'to an alias', { p: 'a2' }, { a: 'starting' }],
    ['stopped', 'to a model that does not run', { p: 'b' }, { a: 'ready' }],
    ['unknown', 'to a peer', { p: 'far/x' }, {}],
    ['unknown', 'to what is not known', {}, { a: 'ready' }],
    ['unknown', 'to itself', { p: 'p' }, { a: 'ready' }],
  ])('is %s for a name that the active profile pins %s', (...[state, , pins, states]) => {
    expect(find(pinned, states, pins)).toMatchObject({ kind: 'profile', state });
  });

  it('may be pinned to a selector', () => {
    const data = [a, b, to('warm', 'a', 'b'), pinned];
    const models = readModelList(
      { data },
      { provider: 'lab', running: running({ b: 'ready' }), pins: new Map([['p', 's']]) },
    );
    expect(models?.find(({ model }) => model === 'p')).toMatchObject({
      state: 'ready',
      runsAs: 'b',
    });
  });

  it("has the state of the provider's own model where a peer's has the same name", () => {
    const own = swap('x', { type: 'model' });
    const alias = swap('y', { type: 'alias', modelID: 'x' });
    const data = [far, own, alias, to('pin', 'x')];
    const states = readModelList({ data }, { provider: 'lab', running: running({}) });
    expect(states?.map(({ model, state }) => [model, state])).toEqual([
      ['far/x', 'unknown'],
      ['s', 'stopped'],
      ['x', 'stopped'],
      ['y', 'stopped'],
    ]);
  });

  it('is asked for as what serves it, and shows what all its targets have in common', () => {
    expect(find(to('warm', 'a', 'b'), { b: 'ready' })).toMatchObject({
      runsAs: 'b',
      declaredContext: 4096,
      capabilities: [],
    });
    expect(find(to('pin', 'b', 'a'), {})).toMatchObject({
      runsAs: 'b',
      declaredContext: 8192,
      capabilities: ['vision'],
    });
    expect(find(to('spillover', 'a', 'far/x'), {})).toMatchObject({ declaredContext: null });
  });

  it.each([
    ['since v242', far, 'far/x'],
    ['since v241', swap('x', { type: 'peer', peerID: 'far' }), 'x'],
    ['before v241', { id: 'x', name: 'far: x', meta: { llamaswap: { peerID: 'far' } } }, 'x'],
    [
      'before v241, slashes and all',
      { id: 'far/x', meta: { llamaswap: { peerID: 'far' } } },
      'far/x',
    ],
  ])("is a peer's, of which nobody tells what it does, %s", (_, entry, model) => {
    const list = { data: [entry] };
    expect(readModelList(list, { provider: 'lab', running: running({}) })).toMatchObject([
      { model, kind: 'peer', peer: 'far', state: 'unknown' },
    ]);
  });

  it("is no peer's where the owner's own words about a model name one", () => {
    const entry = swap('m', { type: 'model', peerID: 'far' });
    expect(find(entry, { m: 'ready' })).toMatchObject({
      kind: 'model',
      peer: null,
      state: 'ready',
    });
  });
});

describe('an alias of a release that does not say so', () => {
  const real = { id: 'real', name: 'Real', description: 'One' };
  const twin = { ...real, id: 'twin' };
  const other = { id: 'other', name: 'Other' };
  const say = (value: string) => ({ status: { value } });
  const find = (records: object[], states: Record<string, ModelState>) =>
    read(records, new Map(Object.entries(states))).find(({ model }) => model === 'twin');

  it.each<[ModelState, string, object[], Record<string, ModelState>]>([
    [
      'ready',
      'that another names',
      [{ ...other, aliases: ['twin'] }, { id: 'twin' }],
      { other: 'ready' },
    ],
    ['stopped', 'of a model that does not run', [real, twin], {}],
    ['ready', 'that says what its model says', [real, twin, other], { real: 'ready' }],
    [
      'starting',
      'of a model that starts',
      [real, twin, other],
      { real: 'starting', other: 'ready' },
    ],
    ['stopped', 'where another runs', [real, twin, other], { other: 'ready' }],
    [
      'unknown',
      'that may be one of two',
      [real, { ...real, id: 'r2' }, twin],
      { real: 'ready', r2: 'starting' },
    ],
    ['stopped', 'that says nothing', [{ id: 'real' }, { id: 'twin' }], { real: 'ready' }],
    [
      'ready',
      'whose status is that of its model',
      [
        { id: 'real', ...say('loaded') },
        { id: 'twin', ...say('loaded') },
      ],
      { real: 'ready' },
    ],
    [
      'stopped',
      'whose status is another',
      [
        { ...real, ...say('loaded') },
        { ...twin, ...say('unloaded') },
      ],
      { real: 'ready' },
    ],
    [
      'unknown',
      'that is loaded, of which model nobody can tell',
      [{ id: 'twin', ...say('loaded') }],
      { hidden: 'ready' },
    ],
  ])('is %s %s', (...[state, , records, states]) => {
    expect(find(records, states)?.state).toBe(state);
  });

  it('is marked as one where another names it', () => {
    const records = [{ id: 'real', meta: { llamaswap: { aliases: ['twin'] } } }, { id: 'twin' }];
    expect(find(records, { real: 'ready' })).toMatchObject({ kind: 'alias', runsAs: 'real' });
  });
});
