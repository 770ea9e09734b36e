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

describe('a Markdown text', () => {
  it('is split into its top-level blocks', () => {
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

  it('names the targets of its links', () => {
    expect(splitBlocks(TEXT).definitions.trim()).toBe('[x]: https://example.com/');
  });

  it('that comes piece by piece is split as the whole is', () => {
    let split = NO_BLOCKS;
    for (let length = 1; length <= TEXT.length; length += 1) {
      split = splitBlocks(TEXT.slice(0, length), split);
      expect(split.blocks.join('')).toBe(TEXT.slice(0, length));
    }
    expect(split).toEqual(splitBlocks(TEXT));
  });

  it('keeps its finished blocks as they are when more comes', () => {
    const before = splitBlocks('one\n\ntwo\n\nthr');
    const after = splitBlocks('one\n\ntwo\n\nthree\n\nfour', before);
    expect(after.blocks).toEqual(['one\n\n', 'two\n\n', 'three\n\n', 'four']);
  });

  it('that is another one is split anew', () => {
    expect(splitBlocks('four', splitBlocks('one\n\ntwo')).blocks).toEqual(['four']);
  });

  it('may have line ends of any system', () => {
    expect(splitBlocks('a\r\n\r\nb\r').blocks).toEqual(['a\n\n', 'b\n']);
  });
});
