import pc from 'picocolors';
import { expect, it } from 'vitest';
import { toTable } from '../../src/cli/table.ts';

it('makes columns as wide as their widest cell, without white space at line ends', () => {
  const rows = [
    ['a', 'long', 'x'],
    ['bbbb', '', ''],
  ];
  expect(toTable(['A', 'B', 'C'], rows)).toBe('A     B     C\na     long  x\nbbbb');
});

it('writes a text row between table rows without widening a column', () => {
  const rows = ['a title that is rather long', ['a', 'b'], '', 'another', ['cc', 'd']];
  expect(toTable(['A', 'B'], rows).split('\n')).toEqual([
    'A   B',
    'a title that is rather long',
    'a   b',
    '',
    'another',
    'cc  d',
  ]);
});

it.each([
  ['only text rows', ['only', 'texts'], 'only\ntexts'],
  ['no rows', [], ''],
])('has no header for %s', (_what, rows, text) => {
  expect(toTable(['A', 'B'], rows)).toBe(text);
});

it('has no header without column names', () => {
  expect(toTable([], [['a', 'b']])).toBe('a  b');
});

it('measures cells by their width on a terminal', () => {
  const { red } = pc.createColors(true);
  const text = toTable(
    [],
    [
      [red('ab'), 'x'],
      ['模型', 'y'],
    ],
  );
  expect(text).toBe(`${red('ab')}    x\n模型  y`);
});
