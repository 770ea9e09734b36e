import { describe, expect, test } from 'vitest';
import { createLoadMemory } from '../../src/catalog/load-memory.ts';
import type { ModelState } from '../../src/registry/provider-models.ts';

type Models = Record<string, [state: ModelState, commandContext?: number]>;

const toRunning = (models: Models) =>
  new Map(
    Object.entries(models).map(([name, [state, commandContext = null]]) => [
      name,
      { state, commandContext },
    ]),
  );

/** The answer of a model's own server, with a window alone. */
const propsOf = (window: number) => ({ window, inputs: null });

/** The memory of the provider `a`. Its clock advances by one millisecond for each look. */
function setUp() {
  let time = 0;
  const memory = createLoadMemory({ now: () => time, ttlMs: 5000 });
  const loads = memory('a');
  const see = (models: Models, look = loads.beginCheck()) => {
    time += 1;
    loads.endCheck(look, toRunning(models));
  };
  const read = (models: Models) => Object.fromEntries(loads.read(toRunning(models)));
  return { memory, loads, see, read };
}

describe('the answer of a model’s own server', () => {
  test('is kept while the model stays loaded, an empty answer too', () => {
    const { loads, see, read } = setUp();
    see({ x: ['ready'], y: ['ready'] });
    loads.keep('x', propsOf(4096));
    loads.keep('y', null);
    see({ x: ['ready'], y: ['ready'] });
    expect([loads.wasAsked('x'), loads.wasAsked('y'), loads.wasAsked('z')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(read({ x: ['ready'], y: ['ready'] })).toEqual({
      x: { command: null, server: 4096, inputs: null },
    });
  });

  test.each<[string, Models]>([
    ['unloaded', {}],
    ['stopping', { x: ['stopping'] }],
    ['starting', { x: ['starting'] }],
  ])('is forgotten when a look finds the model %s', (_, models) => {
    const { loads, see, read } = setUp();
    see({ x: ['ready'] });
    loads.keep('x', propsOf(4096));
    see(models);
    see({ x: ['ready'] });
    expect(loads.wasAsked('x')).toBe(false);
    expect(read({ x: ['ready'] })).toEqual({});
  });

  test('is forgotten after an unload', () => {
    const { loads } = setUp();
    for (const model of ['x', 'y', 'z']) loads.keep(model, propsOf(4096));
    loads.forget('x');
    expect([loads.wasAsked('x'), loads.wasAsked('y')]).toEqual([false, true]);
    loads.forget(null);
    expect([loads.wasAsked('y'), loads.wasAsked('z')]).toEqual([false, false]);
  });

  test('does not replace the window of the command', () => {
    const { loads, see, read } = setUp();
    see({ x: ['ready', 2048] });
    expect(read({ x: ['ready', 2048], y: ['starting', 4096] })).toEqual({
      x: { command: 2048, server: null, inputs: null },
    });
    loads.keep('x', propsOf(1024));
    expect(read({ x: ['ready', 2048] })).toEqual({
      x: { command: 2048, server: 1024, inputs: null },
    });
  });

  test('may have inputs and no window', () => {
    const { loads, see, read } = setUp();
    see({ x: ['ready'] });
    loads.keep('x', { window: null, inputs: ['text', 'image'] });
    expect(read({ x: ['ready'] })).toEqual({
      x: { command: null, server: null, inputs: ['text', 'image'] },
    });
  });

  test('is separate for each provider', () => {
    const { memory, loads } = setUp();
    loads.keep('x', propsOf(4096));
    expect(memory('b').wasAsked('x')).toBe(false);
    expect(memory('a')).toBe(loads);
  });
});

test('ignores a look that ends after a later one', () => {
  const { loads, see } = setUp();
  const early = loads.beginCheck();
  see({ x: ['ready'] });
  loads.keep('x', propsOf(4096));
  see({}, early);
  expect(loads.wasAsked('x')).toBe(true);
});

test('wereLoadedBefore is true only for models that every look since then has seen', () => {
  const { loads, see } = setUp();
  see({ x: ['ready'] });
  see({ x: ['ready'], y: ['ready'] });
  expect(loads.wereLoadedBefore([], 0)).toBe(true);
  expect(loads.wereLoadedBefore(['x'], 2)).toBe(true);
  expect(loads.wereLoadedBefore(['x'], 1)).toBe(false);
  expect(loads.wereLoadedBefore(['x', 'y'], 2)).toBe(false);
  expect(loads.wereLoadedBefore(['z'], 9)).toBe(false);
  see({ y: ['ready'] });
  see({ x: ['ready'], y: ['ready'] });
  expect(loads.wereLoadedBefore(['x'], 3)).toBe(false);
});

test('reads at most 64 ready models of one provider', () => {
  const { read } = setUp();
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index): [string, [ModelState, number]] => [
      `m${index}`,
      ['ready', 4096],
    ]),
  );
  expect(Object.keys(read(many))).toHaveLength(64);
});
