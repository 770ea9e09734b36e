import { describe, expect, test } from 'vitest';
import { createLoadMemory } from '../../src/catalog/load-memory.ts';
import type { ModelState } from '../../src/catalog/model.ts';

type Models = Record<string, [state: ModelState, commandContext?: number]>;

const toRunning = (models: Models) =>
  new Map(
    Object.entries(models).map(([name, [state, commandContext = null]]) => [
      name,
      { state, commandContext },
    ]),
  );

/** A memory of the host `a`, told of one answer of its `/running` after the other. */
function setUp() {
  const memory = createLoadMemory();
  return {
    take: (models: Models) => memory.takeUnasked('a', toRunning(models)),
    keep: (model: string, tokens: number | null) => memory.keep({ provider: 'a', model }, tokens),
    read: (models: Models) => Object.fromEntries(memory.read('a', toRunning(models))),
    memory,
  };
}

describe('a model’s own server', () => {
  test('is asked once while the model stays loaded, also where it says nothing', () => {
    const { take, keep, read } = setUp();
    expect(take({ x: ['ready'], y: ['ready'] })).toEqual(['x', 'y']);
    keep('x', 4096);
    keep('y', null);
    expect(take({ x: ['ready'], y: ['ready'] })).toEqual([]);
    expect(read({ x: ['ready'], y: ['ready'] })).toEqual({ x: 4096 });
  });

  test('is asked again after the model was seen unloaded, or on its way', () => {
    const { take, keep, read } = setUp();
    take({ x: ['ready'] });
    keep('x', 4096);
    expect(take({})).toEqual([]);
    expect(read({ x: ['ready'] })).toEqual({});
    expect(take({ x: ['ready'] })).toEqual(['x']);
    keep('x', 8192);
    expect(read({ x: ['ready'] })).toEqual({ x: 8192 });
    expect(take({ x: ['stopping'] })).toEqual([]);
    expect(take({ x: ['ready'] })).toEqual(['x']);
  });

  test('is asked only where the model is ready', () => {
    const { take } = setUp();
    expect(take({ x: ['starting'], y: ['stopping'], z: ['unknown'] })).toEqual([]);
  });

  test('is not asked where the command says it', () => {
    const { take, read } = setUp();
    expect(take({ x: ['ready', 2048] })).toEqual([]);
    expect(read({ x: ['ready', 2048], y: ['starting', 4096] })).toEqual({ x: 2048 });
  });

  test('is not asked where no path can name the model', () => {
    expect(
      setUp().take({ '..': ['ready'], '.': ['ready'], '': ['ready'], 'a/b': ['ready'] }),
    ).toEqual(['a/b']);
  });

  test('is not believed when it answers after the model has gone', () => {
    const { take, keep, read } = setUp();
    take({ x: ['ready'] });
    take({});
    keep('x', 4096);
    expect(read({ x: ['ready'] })).toEqual({});
  });

  test('is another one on another host', () => {
    const { take, memory } = setUp();
    take({ x: ['ready'] });
    expect(memory.takeUnasked('b', toRunning({ x: ['ready'] }))).toEqual(['x']);
  });

  test('is asked of so many models at most, whatever a host says', () => {
    const { take } = setUp();
    const many = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index): [string, [ModelState]] => [
        `m${index}`,
        ['ready'],
      ]),
    );
    expect(take(many)).toHaveLength(64);
  });
});
