import { stripVTControlCharacters } from 'node:util';
import { toPlain } from '../to-plain.ts';

const ESCAPE = '\u{1b}';
const BELL = '\u{7}';

/** The start of an escape sequence, or of a line end, that the next part of the stream may complete. */
const INCOMPLETE = new RegExp(
  `(?:${ESCAPE}\\][^${ESCAPE}${BELL}]{0,1024}|${ESCAPE}[^${ESCAPE}${BELL}a-zA-Z~]{0,256}|\\r)$`,
  'u',
);

/** Returns a function that removes escape sequences from a text in parts, and holds incomplete ones back. */
export function createPlainStream(): (part: string) => string {
  let held = '';
  return (part) => {
    const text = held + part;
    held = INCOMPLETE.exec(text)?.[0] ?? '';
    return toPlainText(held === '' ? text : text.slice(0, -held.length));
  };
}

function toPlainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?/gu, '\n')
    .split(/([\n\t])/u)
    .map((piece) => (piece === '\n' || piece === '\t' ? piece : toPlain(piece)))
    .join('');
}
