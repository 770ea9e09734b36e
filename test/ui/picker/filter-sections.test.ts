import { describe, expect, it } from 'vitest';
import { filterSections } from '../../../ui/picker/filter-sections.ts';
import { toSections } from '../../../ui/picker/to-sections.ts';
import { catalogOf, catalogWithoutLab, NOW } from './fleet-catalog.ts';

/** Returns the keys of the options and the texts of the notices that a text selects. */
function read(text: string, catalog = catalogOf()): string[] {
  return filterSections(toSections(catalog, NOW), text).list.flatMap(({ rows }) =>
    rows.map((row) => (row.kind === 'option' ? row.key : row.text)),
  );
}

describe('a typed text', () => {
  it.each([
    ['a part of the name', 'wen', [' desk/qwen', 'desk desk/qwen']],
    ['a name in another case', 'QWEN', [' desk/qwen', 'desk desk/qwen']],
    ['a part of the ID', 'b/org/b', ['lab lab/org/big']],
    ["the provider's name", 'lab/', [' lab/gpt', 'lab lab/gpt', 'lab lab/org/big']],
    ["the provider's label", 'Desk', [' desk/qwen', 'desk desk/gpt', 'desk desk/qwen']],
    ['spaces around it', '  big ', ['lab lab/org/big']],
    ['words of different fields', 'lab gpt', [' lab/gpt', 'lab lab/gpt']],
    ['nothing', 'nothing like it', ['No model matches "nothing like it".']],
    ['markup and pattern characters', '.*<b>', ['No model matches ".*<b>".']],
  ])('selects by %s', (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['', '   '])('that is empty ("%s") selects everything', (text) => {
    const all = toSections(catalogWithoutLab(), NOW);
    expect(filterSections(all, text)).toBe(all);
  });

  it('selects the line of an offline provider, and no other notice', () => {
    expect(read('lab', catalogWithoutLab())).toEqual([
      'offline · last seen 2 min ago · lab could not be reached.',
    ]);
    expect(read('favorite', catalogWithoutLab())).toEqual(['No model matches "favorite".']);
  });

  it('numbers the options that are left', () => {
    const { list, options } = filterSections(toSections(catalogOf(), NOW), 'gpt');
    expect(options.map(({ key, index }) => [key, index])).toEqual([
      [' lab/gpt', 0],
      ['desk desk/gpt', 1],
      ['lab lab/gpt', 2],
    ]);
    expect(list.flatMap(({ rows }) => rows)).toEqual(options);
  });
});
