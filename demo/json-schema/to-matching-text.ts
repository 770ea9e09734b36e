// Writes texts for the `pattern` of a JSON schema. A pattern is read as far as its characters, groups and repetitions go;
// the regular expression itself then checks each text.

import { compilePattern } from './compile-pattern.ts';

/** A part of a pattern: one character, given by its source; a group of alternatives; or a repeated part. */
type Part =
  | { kind: 'character'; source: string }
  | { kind: 'group'; options: Part[][] }
  | { kind: 'repeat'; part: Part; min: number; max: number };

/** The lengths that a text may have, and a number to vary it by. */
interface TextOptions {
  min: number;
  max: number;
  variant: number;
}

const MAX_EXTRA = 256;
const MAX_LENGTH = 10_000;

/** Returns a text that a pattern matches; `undefined` for an invalid pattern, or if no text was found. */
export function toMatchingText(
  pattern: string,
  { min, max, variant }: TextOptions,
): string | undefined {
  const regex = compilePattern(pattern);
  if (!regex) return undefined;
  const options = parseOptions({ source: regex.source, at: 0 });
  for (let extra = 0; extra <= Math.max(8, Math.min(min, MAX_EXTRA)); extra += 1) {
    for (let shift = variant; shift < variant + 4; shift += 1) {
      const text = write(options, { extra, shift, written: 0 });
      const { length } = [...text];
      if (length >= min && length <= max && regex.test(text)) return text;
    }
  }
  return undefined;
}

interface Reader {
  source: string;
  at: number;
}

/** Reads alternatives, up to the end of the group or the pattern. */
function parseOptions(reader: Reader): Part[][] {
  const options: Part[][] = [[]];
  while (reader.at < reader.source.length && reader.source[reader.at] !== ')') {
    if (reader.source[reader.at] === '|') {
      reader.at += 1;
      options.push([]);
      continue;
    }
    const part = parsePart(reader);
    const { min, max } = parseRepetition(reader);
    options.at(-1)?.push(min === 1 && max === 1 ? part : { kind: 'repeat', part, min, max });
  }
  return options;
}

const EMPTY: Part = { kind: 'group', options: [] };
const LOOK_AROUND = /^\(\?<?[=!]/u;
const GROUP_START = /^\((?:\?(?:<\w+>|[a-z-]*:))?/u;
const ASSERTION = /^(?:[$^]|\\[Bb])/u;
const CHARACTER =
  /^(?:\[(?:\\.|[^\]\\])*\]|\\[Pp]\{[^}]*\}|\\u\{[^}]*\}|\\u.{4}|\\x..|\\c.|\\.|[^\\])/su;

function parsePart(reader: Reader): Part {
  const rest = reader.source.slice(reader.at);
  const isLookAround = LOOK_AROUND.test(rest);
  const [start] = GROUP_START.exec(rest) ?? [];
  if (isLookAround || start !== undefined) {
    reader.at += isLookAround ? rest.search(/[!=]/u) + 1 : (start?.length ?? 1);
    const options = parseOptions(reader);
    reader.at += 1;
    return isLookAround ? EMPTY : { kind: 'group', options };
  }
  const [assertion] = ASSERTION.exec(rest) ?? [];
  const [source = rest] = CHARACTER.exec(rest) ?? [];
  reader.at += (assertion ?? source).length;
  return assertion === undefined ? { kind: 'character', source } : EMPTY;
}

function parseRepetition(reader: Reader): { min: number; max: number } {
  const [text = '', sign, from, comma, to] =
    /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})[+?]?/u.exec(reader.source.slice(reader.at)) ?? [];
  reader.at += text.length;
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
  if (from === undefined) return { min: 1, max: 1 };
  const min = Number(from);
  if (comma === undefined) return { min, max: min };
  return { min, max: to === '' ? Infinity : Number(to) };
}

/** How to write a text: the repetitions beyond the least, the first choices, and the choices made. */
interface Writing {
  extra: number;
  shift: number;
  written: number;
}

function write(options: Part[][], writing: Writing): string {
  const parts = options[writing.shift % Math.max(options.length, 1)] ?? [];
  return parts.map((part) => writePart(part, writing)).join('');
}

function writePart(part: Part, writing: Writing): string {
  if (part.kind === 'group') return write(part.options, writing);
  if (part.kind === 'character') {
    const characters = findCharacters(part.source);
    // Steps of 7 take a text through all kinds of characters.
    const at = writing.shift + 7 * writing.written;
    writing.written += 1;
    return characters[at % Math.max(characters.length, 1)] ?? '';
  }
  const count = Math.min(part.max, part.min + writing.extra, MAX_LENGTH - writing.written);
  return Array.from({ length: Math.max(count, 0) }, () => writePart(part.part, writing)).join('');
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const COMMON = [
  ...`${LETTERS}${LETTERS.toUpperCase()}1234567890-_ .,:;/@#+!?$%&*()[]{}=<>|~^'"\\\``,
];
const ALL_CODE_POINTS = 0xff_ff;

/** Returns the common characters that a part of a pattern matches, or else the first one that it matches. */
function findCharacters(source: string): string[] {
  const regex = compilePattern(`^${source}$`);
  if (!regex) return [];
  const common = COMMON.filter((character) => regex.test(character));
  for (let code = 1; common.length === 0 && code <= ALL_CODE_POINTS; code += 1) {
    const character = String.fromCodePoint(code);
    if (regex.test(character)) common.push(character);
  }
  return common;
}
