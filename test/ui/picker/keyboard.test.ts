import { describe, expect, it } from 'vitest';
import { keepActive, pickFirstActive } from '../../../ui/picker/pick-active.ts';
import { readKey } from '../../../ui/picker/read-key.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { addLetter, findTyped, isTyping, NOTHING_TYPED } from '../../../ui/picker/type-ahead.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

const NO_MODIFIERS = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
const press = (key: string, at: object = {}, modifiers: object = {}) =>
  readKey(
    { key, ...NO_MODIFIERS, ...modifiers },
    { active: 10, count: 100, page: 8, isTyping: false, ...at },
  );

describe('readKey', () => {
  it.each([
    ['ArrowDown', 11],
    ['ArrowUp', 9],
    ['PageDown', 18],
    ['PageUp', 2],
    ['Home', 0],
    ['End', 99],
  ])('moves for %s', (key, to) => {
    expect(press(key)).toEqual({ kind: 'move', to });
  });

  it.each([
    ['ArrowUp', 0, 0],
    ['PageUp', 3, 0],
    ['ArrowDown', 99, 99],
    ['PageDown', 97, 99],
  ])('moves for %s from %i to at most %i', (key, active, to) => {
    expect(press(key, { active })).toEqual({ kind: 'move', to });
  });

  it.each([
    ['Enter', 'choose'],
    [' ', 'choose'],
    ['f', 'star'],
    ['Escape', 'close'],
    ['Tab', 'close'],
    ['q', 'type'],
    ['F', 'type'],
    ['模', 'type'],
  ])('maps "%s" to %s', (key, kind) => {
    expect(press(key)).toMatchObject({ kind });
  });

  it.each(['f', ' '])('reads "%s" as a letter while a name is typed', (letter) => {
    expect(press(letter, { isTyping: true })).toEqual({ kind: 'type', letter });
  });

  it.each([
    ['Shift', {}],
    ['F5', {}],
    ['r', { ctrlKey: true }],
    ['f', { metaKey: true }],
    ['ArrowDown', { altKey: true }],
    ['Enter', { isComposing: true }],
  ])('ignores %s with %o', (key, modifiers) => {
    expect(press(key, {}, modifiers)).toBeNull();
  });
});

describe('a typed name', () => {
  const names = ['gpt-oss 20B', 'Gemma', 'Qwen 8B', 'qwen 27B', 'gpt-oss 120B'];

  it.each([
    ['selects the next option that starts with it', 'q', 0, 2],
    ['continues after the active option', 'g', 0, 1],
    ['continues from the start after the end', 'q', 4, 2],
    ['cycles through all options for a repeated letter', 'qq', 2, 3],
    ['stays while the active option matches', 'gpt', 0, 0],
    ['moves on when the active option does not match', 'gpt-oss 1', 0, 4],
    ['ignores case', 'qwen 2', 2, 3],
    ['works without an active option', 'g', -1, 0],
    ['finds nothing without a match', 'x', 1, -1],
  ])('%s', (_name, text, active, expected) => {
    expect(findTyped(names, { text, active })).toBe(expected);
  });

  it('grows with letters within one second, and starts again after that', () => {
    const first = addLetter(NOTHING_TYPED, { letter: 'G', now: 5000 });
    expect(addLetter(first, { letter: 'p', now: 5900 }).text).toBe('gp');
    expect(isTyping(first, 5900)).toBe(true);
    expect(isTyping(first, 6000)).toBe(false);
    expect(addLetter(first, { letter: 'p', now: 6000 }).text).toBe('p');
  });
});

describe('the active option', () => {
  const { options } = toSections(catalogOf(), NOW);
  const rest = toSections(catalogWithoutLab(), NOW).options;
  const at = (key: string) => options.find((row) => row.key === key) ?? null;

  it('is the first one of the selected model, or the first of all', () => {
    expect(pickFirstActive(options, 'desk/qwen')?.key).toBe(' desk/qwen');
    expect(pickFirstActive(options, 'desk/gpt')?.key).toBe('desk desk/gpt');
    expect(pickFirstActive(options, 'gone/gone')?.index).toBe(0);
    expect(pickFirstActive([], null)).toBeNull();
  });

  it.each([
    ['stays at its row', 'desk desk/gpt', 'desk desk/gpt'],
    ['stays on its model', ' desk/qwen', ' desk/qwen'],
    ['moves to the row in its place', ' lab/gpt', ' desk/qwen'],
    ['moves to the last row when the end is gone', 'lab lab/org/big', 'desk desk/qwen'],
  ])('%s when the list changes', (_name, before, after) => {
    expect(keepActive(rest, at(before))?.key).toBe(after);
  });

  it('stays on a model that is no longer a favorite', () => {
    const { options: without } = toSections(catalogOf({ favorites: [] }), NOW);
    expect(keepActive(without, at(' lab/gpt'))?.key).toBe('lab lab/gpt');
  });
});
