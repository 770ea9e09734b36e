import { describe, expect, it } from 'vitest';
import { applyWrite, drawWrite, isKept, toStatus, type Write } from './favorites-memory.ts';
import { createRandom } from './random.ts';

const LIST = ['a/1', 'b/2'];

describe('the memory of favorites', () => {
  it.each<[Write, number, string[]]>([
    [{ act: 'add', id: 'c/3' }, 201, ['a/1', 'b/2', 'c/3']],
    [{ act: 'add', id: 'a/1' }, 200, LIST],
    [{ act: 'remove', id: 'a/1' }, 204, ['b/2']],
    [{ act: 'remove', id: 'c/3' }, 204, LIST],
    [{ act: 'reorder', ids: ['b/2', 'a/1'] }, 200, ['b/2', 'a/1']],
  ])('knows what comes of %j', (write, status, list) => {
    expect([toStatus(LIST, write), applyWrite(LIST, write)]).toEqual([status, list]);
  });

  it('draws changes of every sort', () => {
    const random = createRandom(1);
    const acts = Array.from({ length: 100 }, () => drawWrite(random, LIST).act);
    expect(new Set(acts)).toEqual(new Set(['add', 'remove', 'reorder']));
  });

  it('takes what was answered, with or without the change that was under way, and nothing else', () => {
    const pending: Write = { act: 'add', id: 'c/3' };
    expect(isKept(LIST, { list: LIST, pending })).toBe(true);
    expect(isKept([...LIST, 'c/3'], { list: LIST, pending })).toBe(true);
    expect(isKept([...LIST, 'c/3'], { list: LIST, pending: null })).toBe(false);
    expect(isKept(LIST.toReversed(), { list: LIST, pending })).toBe(false);
    expect(isKept(['a/1'], { list: LIST, pending })).toBe(false);
  });
});
