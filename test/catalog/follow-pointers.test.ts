import { describe, expect, it } from 'vitest';
import type { ModelState } from '../../src/registry/provider-models.ts';
import { read, readModelList } from './read-list.ts';

describe('an entry that points to other models', () => {
  const entryOf = (id: string, llamaswap: object, rest: object = {}) => ({
    id,
    status: { value: 'unloaded' },
    meta: { llamaswap },
    ...rest,
  });
  const a = entryOf('a', { type: 'model', aliases: ['a2'] }, { context_length: 4096 });
  const b = entryOf(
    'b',
    { type: 'model' },
    { context_length: 8192, capabilities: { vision: true } },
  );
  const far = entryOf('far/x', { type: 'peer', peerID: 'far' });
  const selectorTo = (strategy: string, ...targets: string[]) =>
    entryOf('s', { type: 'selector', strategy, targets });
  const pinned = entryOf('p', { type: 'profile' });
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
    ['stopped', 'whose targets are not loaded', selectorTo('warm', 'a', 'b'), {}],
    ['ready', 'with one ready target', selectorTo('warm', 'a', 'b'), { b: 'ready' }],
    [
      'ready',
      'with a starting and a ready target',
      selectorTo('warm', 'a', 'b'),
      { a: 'starting', b: 'ready' },
    ],
    [
      'starting',
      'with a starting and a stopped target',
      selectorTo('warm', 'a', 'b'),
      { b: 'starting' },
    ],
    ['ready', 'to an alias', selectorTo('warm', 'a2'), { a: 'ready' }],
    ['stopped', 'pinned to a stopped model', selectorTo('pin', 'a', 'b'), { b: 'ready' }],
    ['ready', 'pinned to a ready model', selectorTo('pin', 'b', 'a'), { b: 'ready' }],
    ['unknown', 'pinned to a peer', selectorTo('pin', 'far/x', 'a'), { a: 'ready' }],
    ['unknown', "pinned to a peer's bare name", selectorTo('pin', 'x'), {}],
    ['unknown', 'that can spill over to a peer', selectorTo('spillover', 'a', 'far/x'), {}],
    [
      'ready',
      'that can spill over to a peer and has a ready target',
      selectorTo('spillover', 'far/x', 'a'),
      { a: 'ready' },
    ],
    [
      'ready',
      'to a loaded model that is not listed',
      selectorTo('warm', 'hidden'),
      { hidden: 'ready' },
    ],
    ['stopped', 'to a model that is neither listed nor loaded', selectorTo('warm', 'hidden'), {}],
    ['stopped', 'when /running is not available', selectorTo('warm', 'a', 'b'), null],
    ['unknown', 'without targets', selectorTo('warm'), { a: 'ready' }],
    ['unknown', 'to itself', selectorTo('warm', 's'), { a: 'ready' }],
  ])('is %s for a selector %s', (...[state, , entry, states]) => {
    expect(find(entry, states)).toMatchObject({ kind: 'selector', state });
  });

  it.each<[ModelState, string, Record<string, string>, Record<string, ModelState> | null]>([
    ['ready', 'to a model that is ready', { p: 'a' }, { a: 'ready' }],
    ['starting', 'to an alias', { p: 'a2' }, { a: 'starting' }],
    ['stopped', 'to a stopped model', { p: 'b' }, { a: 'ready' }],
    ['unknown', 'to a peer', { p: 'far/x' }, {}],
    ['unknown', 'to nothing', {}, { a: 'ready' }],
    ['unknown', 'to itself', { p: 'p' }, { a: 'ready' }],
  ])('is %s for a name that the active profile pins %s', (...[state, , pins, states]) => {
    expect(find(pinned, states, pins)).toMatchObject({ kind: 'profile', state });
  });

  it('follows a pin to a selector', () => {
    const data = [a, b, selectorTo('warm', 'a', 'b'), pinned];
    const models = readModelList(
      { data },
      { provider: 'lab', running: running({ b: 'ready' }), pins: new Map([['p', 's']]) },
    );
    expect(models?.find(({ model }) => model === 'p')).toMatchObject({
      state: 'ready',
      runsAs: 'b',
    });
  });

  it("takes the state of the provider's own model when a peer's model has the same name", () => {
    const own = entryOf('x', { type: 'model' });
    const alias = entryOf('y', { type: 'alias', modelID: 'x' });
    const data = [far, own, alias, selectorTo('pin', 'x')];
    const states = readModelList({ data }, { provider: 'lab', running: running({}) });
    expect(states?.map(({ model, state }) => [model, state])).toEqual([
      ['far/x', 'unknown'],
      ['s', 'stopped'],
      ['x', 'stopped'],
      ['y', 'stopped'],
    ]);
  });

  it('runs as its serving target, and shows the smallest window and the common capabilities', () => {
    expect(find(selectorTo('warm', 'a', 'b'), { b: 'ready' })).toMatchObject({
      runsAs: 'b',
      declaredContext: 4096,
      capabilities: [],
    });
    expect(find(selectorTo('pin', 'b', 'a'), {})).toMatchObject({
      runsAs: 'b',
      declaredContext: 8192,
      capabilities: ['vision'],
    });
    expect(find(selectorTo('spillover', 'a', 'far/x'), {})).toMatchObject({
      declaredContext: null,
    });
  });

  it.each([
    ['since v242', far, 'far/x'],
    ['since v241', entryOf('x', { type: 'peer', peerID: 'far' }), 'x'],
    ['before v241', { id: 'x', name: 'far: x', meta: { llamaswap: { peerID: 'far' } } }, 'x'],
    ['before v241, with a slash', { id: 'far/x', meta: { llamaswap: { peerID: 'far' } } }, 'far/x'],
  ])("is a peer's model in unknown state: %s", (_, entry, model) => {
    const list = { data: [entry] };
    expect(readModelList(list, { provider: 'lab', running: running({}) })).toMatchObject([
      { model, kind: 'peer', peer: 'far', state: 'unknown' },
    ]);
  });

  it("is not a peer's model when only the owner's own metadata has a peerID", () => {
    const entry = entryOf('m', { type: 'model', peerID: 'far' });
    expect(find(entry, { m: 'ready' })).toMatchObject({
      kind: 'model',
      peer: null,
      state: 'ready',
    });
  });
});

describe('an alias in the list of a release that does not mark aliases', () => {
  const real = { id: 'real', name: 'Real', description: 'One' };
  const twin = { ...real, id: 'twin' };
  const other = { id: 'other', name: 'Other' };
  const statusOf = (value: string) => ({ status: { value } });
  const find = (records: object[], states: Record<string, ModelState>) =>
    read(records, new Map(Object.entries(states))).find(({ model }) => model === 'twin');

  it.each<[ModelState, string, object[], Record<string, ModelState>]>([
    [
      'ready',
      'that another model lists among its aliases',
      [{ ...other, aliases: ['twin'] }, { id: 'twin' }],
      { other: 'ready' },
    ],
    ['stopped', 'of a stopped model', [real, twin], {}],
    [
      'ready',
      'with the same name and description as a ready model',
      [real, twin, other],
      { real: 'ready' },
    ],
    ['starting', 'of a starting model', [real, twin, other], { real: 'starting', other: 'ready' }],
    ['stopped', 'while only another model is loaded', [real, twin, other], { other: 'ready' }],
    [
      'unknown',
      'that matches two models',
      [real, { ...real, id: 'r2' }, twin],
      { real: 'ready', r2: 'starting' },
    ],
    [
      'stopped',
      'without name and description',
      [{ id: 'real' }, { id: 'twin' }],
      { real: 'ready' },
    ],
    [
      'ready',
      'whose status equals that of a ready model',
      [
        { id: 'real', ...statusOf('loaded') },
        { id: 'twin', ...statusOf('loaded') },
      ],
      { real: 'ready' },
    ],
    [
      'stopped',
      'whose status differs from that of its model',
      [
        { ...real, ...statusOf('loaded') },
        { ...twin, ...statusOf('unloaded') },
      ],
      { real: 'ready' },
    ],
    [
      'unknown',
      'that is loaded, but matches no listed model',
      [{ id: 'twin', ...statusOf('loaded') }],
      { hidden: 'ready' },
    ],
  ])('is %s %s', (...[state, , records, states]) => {
    expect(find(records, states)?.state).toBe(state);
  });

  it('has the kind alias when another model lists it', () => {
    const records = [{ id: 'real', meta: { llamaswap: { aliases: ['twin'] } } }, { id: 'twin' }];
    expect(find(records, { real: 'ready' })).toMatchObject({ kind: 'alias', runsAs: 'real' });
  });
});
