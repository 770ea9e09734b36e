import { expect, it } from 'vitest';
import { toPlain, toPlainJson, toPlainLines } from '../src/to-plain.ts';

const HOSTILE: [what: string, text: string][] = [
  ['an escape sequence', 'a\u{1b}[31mb'],
  ['an escape of one character', 'a\u{9b}31mb'],
  ['a terminal title', 'a\u{1b}]0;b\u{7}'],
  ['a line break', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a backspace', 'a\bb'],
  ['a delete character', 'a\u{7f}b'],
  ['a line separator', 'a\u{2028}b'],
  ['a right-to-left override', 'a\u{202e}b'],
  ['a right-to-left isolate', 'a\u{2067}b'],
  ['a right-to-left mark', 'a\u{200f}b'],
];

it.each(HOSTILE)('toPlain replaces %s', (_what, text) => {
  expect(toPlain(text)).toMatch(/^a\u{fffd}[^\p{Cc}]*$/u);
});

it('toPlain keeps text of any language', () => {
  const text = 'qwen3.6-27b größe モデル 模型 👩‍💻 שלום';
  expect(toPlain(text)).toBe(text);
});

it('toPlainLines keeps line feeds', () => {
  expect(toPlainLines('a\u{1b}\nb\r\nc')).toBe('a\u{fffd}\nb\u{fffd}\nc');
});

it.each(HOSTILE)('toPlainJson escapes %s, and keeps the value', (_what, text) => {
  for (const indent of [0, 2]) {
    const json = toPlainJson({ [text]: [text] }, indent);
    expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u{200f}\u{2028}\u{202e}\u{2067}]/u);
    expect(JSON.parse(json)).toEqual({ [text]: [text] });
  }
});

it('toPlainJson indents as requested', () => {
  expect(toPlainJson({ a: 'é' })).toBe('{"a":"é"}');
  expect(toPlainJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});
