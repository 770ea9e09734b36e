import pc from 'picocolors';
import { expect, it } from 'vitest';
import { toTable } from '../../src/cli/table.ts';

it('columns are as wide as their widest cell, and no line ends in white space', () => {
  const rows = [
    ['a', 'long', 'x'],
    ['bbbb', '', ''],
  ];
  expect(toTable(['A', 'B', 'C'], rows)).toBe('A     B     C\na     long  x\nbbbb');
});

it('a text across the columns stands in its place, and widens none of them', () => {
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
  ['texts alone', ['only', 'texts'], 'only\ntexts'],
  ['no rows', [], ''],
])('%s have no head', (_what, rows, text) => {
  expect(toTable(['A', 'B'], rows)).toBe(text);
});

it('a table without a head has none', () => {
  expect(toTable([], [['a', 'b']])).toBe('a  b');
});

it('colours and wide characters take the room that they are shown in', () => {
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
