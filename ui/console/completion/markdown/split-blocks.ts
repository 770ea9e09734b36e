import { Lexer } from 'marked';

/** A Markdown text in blocks that are rendered separately. */
export interface Blocks {
  /** The source of each top-level block, such as a paragraph, a list or a fence. Joined, they are the text. */
  readonly blocks: readonly string[];
  /** The link definitions that any block may refer to, as Markdown. */
  readonly definitions: string;
}

/** The blocks of an empty text. */
export const NO_BLOCKS: Blocks = { blocks: [], definitions: '' };

/**
 * Splits a text into its top-level blocks. If the text continues `before`, all but the last of those blocks are
 * reused and only the rest is parsed: the cost per chunk does not grow with the length of a stream.
 */
export function splitBlocks(text: string, before: Blocks = NO_BLOCKS): Blocks {
  const source = text.replaceAll(/\r\n?/gu, '\n');
  const finished = before.blocks.slice(0, -1);
  const start = finished.reduce((length, block) => length + block.length, 0);
  const goesOn = source.startsWith(before.blocks.join(''));
  const kept = goesOn ? finished : [];
  const rest = source.slice(goesOn ? start : 0);
  return toBlocks(kept, rest);
}

function toBlocks(kept: readonly string[], rest: string): Blocks {
  const blocks = [...kept];
  let at = 0;
  for (const { type, raw } of Lexer.lex(rest)) {
    // For a list item that has only begun, the lexer returns a source that differs from the text.
    if (!rest.startsWith(raw, at)) break;
    at += raw.length;
    // White space between two blocks belongs to the first one, because the text that follows may still extend it, as
    // in a list.
    if (type === 'space' && blocks.length > kept.length) blocks.push(`${blocks.pop()}${raw}`);
    else blocks.push(raw);
  }
  if (at < rest.length) blocks.push(rest.slice(at));
  return { blocks, definitions: blocks.filter((block) => DEFINITION.test(block)).join('\n') };
}

const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/u;
