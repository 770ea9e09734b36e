import { describe, expect, it } from 'vitest';
import {
  NO_BLOCKS,
  splitBlocks,
} from '../../../../../ui/console/completion/markdown/split-blocks.ts';

const TEXT = `# Title

A paragraph
over two lines.

- a
- b

  still b

1. one

\`\`\`js
// no block

let x;
\`\`\`
| a | b |
| - | - |
| 1 | 2 |

See [x].

[x]: https://example.com/
`;

describe('splitBlocks', () => {
  it('splits Markdown into its top-level blocks', () => {
    const { blocks } = splitBlocks(TEXT);
    expect(blocks.join('')).toBe(TEXT);
    expect(blocks.map((block) => block.trim().split('\n')[0])).toEqual([
      '# Title',
      'A paragraph',
      '- a',
      '1. one',
      '```js',
      '| a | b |',
      'See [x].',
      '[x]: https://example.com/',
    ]);
  });

  it('extracts link definitions', () => {
    expect(splitBlocks(TEXT).definitions.trim()).toBe('[x]: https://example.com/');
  });

  it('splits growing text as it splits the whole', () => {
    let split = NO_BLOCKS;
    for (let length = 1; length <= TEXT.length; length += 1) {
      split = splitBlocks(TEXT.slice(0, length), split);
      expect(split.blocks.join('')).toBe(TEXT.slice(0, length));
    }
    expect(split).toEqual(splitBlocks(TEXT));
  });

  it('keeps finished blocks when text is appended', () => {
    const before = splitBlocks('one\n\ntwo\n\nthr');
    const after = splitBlocks('one\n\ntwo\n\nthree\n\nfour', before);
    expect(after.blocks).toEqual(['one\n\n', 'two\n\n', 'three\n\n', 'four']);
  });

  it('splits different text from the start', () => {
    expect(splitBlocks('four', splitBlocks('one\n\ntwo')).blocks).toEqual(['four']);
  });

  it('accepts the line breaks of any system', () => {
    expect(splitBlocks('a\r\n\r\nb\r').blocks).toEqual(['a\n\n', 'b\n']);
  });
});
