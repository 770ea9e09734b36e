import { Lexer } from 'marked';

/** A Markdown text in pieces that are rendered apart. */
export interface Blocks {
  /** The source of each top-level block: a paragraph, a list, a fence. Together they are the text. */
  readonly blocks: readonly string[];
  /** The targets of links that any block may name, as Markdown. */
  readonly definitions: string;
}

/** What there is before a text has begun. */
export const NO_BLOCKS: Blocks = { blocks: [], definitions: '' };

/**
 * Splits a text into its top-level blocks. Where it goes on from `before`, all but the last of those blocks are kept as they
 * are, and only what follows them is read: a stream costs no more per piece the longer it gets.
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
    // Of an item that has only begun, the lexer tells another source than there is.
    if (!rest.startsWith(raw, at)) break;
    at += raw.length;
    // White space between two blocks belongs to the first, which what follows it may yet make longer, as in a list.
    if (type === 'space' && blocks.length > kept.length) blocks.push(`${blocks.pop()}${raw}`);
    else blocks.push(raw);
  }
  if (at < rest.length) blocks.push(rest.slice(at));
  return { blocks, definitions: blocks.filter((block) => DEFINITION.test(block)).join('\n') };
}

const DEFINITION = /^ {0,3}\[[^\]\n]+\]:/u;
