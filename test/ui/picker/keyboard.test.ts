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

describe('a key', () => {
  it.each([
    ['ArrowDown', 11],
    ['ArrowUp', 9],
    ['PageDown', 18],
    ['PageUp', 2],
    ['Home', 0],
    ['End', 99],
  ])('%s moves', (key, to) => {
    expect(press(key)).toEqual({ kind: 'move', to });
  });

  it.each([
    ['ArrowUp', 0, 0],
    ['PageUp', 3, 0],
    ['ArrowDown', 99, 99],
    ['PageDown', 97, 99],
  ])('%s from %i goes no further than %i', (key, active, to) => {
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
  ])('%s does what it says: %s', (key, kind) => {
    expect(press(key)).toMatchObject({ kind });
  });

  it.each(['f', ' '])('"%s" is a letter within a name', (letter) => {
    expect(press(letter, { isTyping: true })).toEqual({ kind: 'type', letter });
  });

  it.each([
    ['Shift', {}],
    ['F5', {}],
    ['r', { ctrlKey: true }],
    ['f', { metaKey: true }],
    ['ArrowDown', { altKey: true }],
    ['Enter', { isComposing: true }],
  ])('%s with %o is none of ours', (key, modifiers) => {
    expect(press(key, {}, modifiers)).toBeNull();
  });
});

describe('a name that is typed', () => {
  const names = ['gpt-oss 20B', 'Gemma', 'Qwen 8B', 'qwen 27B', 'gpt-oss 120B'];

  it.each([
    ['goes to the next that begins with it', 'q', 0, 2],
    ['goes on from where it is', 'g', 0, 1],
    ['begins again at the end', 'q', 4, 2],
    ['goes through all names with a letter over and over', 'qq', 2, 3],
    ['stays as long as it fits', 'gpt', 0, 0],
    ['moves on when it fits no more', 'gpt-oss 1', 0, 4],
    ['may be typed in any case', 'qwen 2', 2, 3],
    ['is found from nowhere', 'g', -1, 0],
    ['finds nothing where there is none', 'x', 1, -1],
  ])('%s', (_name, text, active, expected) => {
    expect(findTyped(names, { text, active })).toBe(expected);
  });

  it('grows by letters that come within a second, and begins anew after', () => {
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

  it('is the first one of the chosen model, or the first of all', () => {
    expect(pickFirstActive(options, 'desk/qwen')?.key).toBe(' desk/qwen');
    expect(pickFirstActive(options, 'desk/gpt')?.key).toBe('desk desk/gpt');
    expect(pickFirstActive(options, 'gone/gone')?.index).toBe(0);
    expect(pickFirstActive([], null)).toBeNull();
  });

  it.each([
    ['stays where it is', 'desk desk/gpt', 'desk desk/gpt'],
    ['stays on its model', ' desk/qwen', ' desk/qwen'],
    ['goes to what takes its place', ' lab/gpt', ' desk/qwen'],
    ['goes to the last where the end has gone', 'lab lab/org/big', 'desk desk/qwen'],
  ])('%s when the list changes', (_name, before, after) => {
    expect(keepActive(rest, at(before))?.key).toBe(after);
  });

  it('stays on a model that is no favorite any more', () => {
    const { options: without } = toSections(catalogOf({ favorites: [] }), NOW);
    expect(keepActive(without, at(' lab/gpt'))?.key).toBe('lab lab/gpt');
  });
});
