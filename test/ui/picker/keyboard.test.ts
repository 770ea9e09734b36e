import { describe, expect, it } from 'vitest';
import { keepActive, pickFirstActive } from '../../../ui/picker/pick-active.ts';
import { readKey } from '../../../ui/picker/read-key.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

const NO_MODIFIERS = {
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
};
const press = (key: string, at: object = {}, modifiers: object = {}) =>
  readKey(
    { key, ...NO_MODIFIERS, ...modifiers },
    { active: 10, count: 100, page: 8, hasText: false, ...at },
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
    expect(press(key)).toEqual({ kind: 'activate', to });
  });

  it.each([
    ['ArrowUp', 0, 0],
    ['PageUp', 3, 0],
    ['ArrowDown', 99, 99],
    ['PageDown', 97, 99],
  ])('moves for %s from %i to at most %i', (key, active, to) => {
    expect(press(key, { active })).toEqual({ kind: 'activate', to });
  });

  it.each([
    ['Enter', 'choose'],
    [' ', 'choose'],
    ['Escape', 'close'],
    ['Tab', 'close'],
  ])('maps "%s" to %s', (key, kind) => {
    expect(press(key)).toEqual({ kind });
  });

  it.each([
    ['f', { altKey: true }],
    ['F', { altKey: true }],
    ['ƒ', { altKey: true, code: 'KeyF' }],
    ['а', { altKey: true, code: 'KeyF' }],
  ])('toggles the favorite for "%s" with %o', (key, modifiers) => {
    expect(press(key, {}, modifiers)).toEqual({ kind: 'star' });
  });

  it.each([
    ['ArrowUp', -1],
    ['ArrowDown', 1],
  ])('moves the favorite for Alt+%s', (key, step) => {
    expect(press(key, {}, { altKey: true })).toEqual({ kind: 'reorder', step });
  });

  it.each(['f', 'F', 'q', '1', '模', 'Backspace', 'ArrowLeft', 'Delete'])(
    'leaves "%s" to the text',
    (key) => {
      expect(press(key)).toBeNull();
      expect(press(key, { hasText: true })).toBeNull();
    },
  );

  it('leaves the space to a text that has begun', () => {
    expect(press(' ', { hasText: true })).toBeNull();
  });

  it.each([
    ['Shift', { shiftKey: true }],
    ['F5', {}],
    ['r', { ctrlKey: true }],
    ['f', { metaKey: true }],
    ['u', { altKey: true, code: 'KeyF' }],
    ['f', { altKey: true, ctrlKey: true }],
    ['e', { altKey: true, code: 'KeyE' }],
    ['Home', { shiftKey: true }],
    ['Enter', { isComposing: true }],
  ])('ignores %s with %o', (key, modifiers) => {
    expect(press(key, {}, modifiers)).toBeNull();
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
