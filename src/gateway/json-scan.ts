// Walks over JSON as it came, byte by byte: nothing is built, nothing is copied, nothing recurses.
// Strings and nested values are passed over, not judged: whether they are valid is for the receiver to say.

import { PaddockError } from '../errors.ts';

// The bytes that JSON is held together by. All are ASCII, so none is ever a part of another character.
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const CAPITAL_E = 0x45;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const SMALL_A = 0x61;
const SMALL_E = 0x65;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const SMALL_U = 0x75;

/** `"` */
export const QUOTE = 0x22;
/** `,` */
export const COMMA = 0x2c;
/** `:` */
export const COLON = 0x3a;
/** `{` */
export const OPEN_BRACE = 0x7b;
/** `}` */
export const CLOSE_BRACE = 0x7d;

/** How much of a string is read here before the search for its end is handed to the platform's own. */
const NEAR = 32;

/** The failure of a body that has something else, or nothing more, where `wanted` belongs. */
export function toFault(bytes: Uint8Array, fault: { at: number; wanted: string }): PaddockError {
  const { at, wanted } = fault;
  const message =
    at < bytes.length
      ? `The body is not well-formed JSON: ${wanted} belongs at byte ${at}.`
      : 'The body ends inside its JSON object: send all of it.';
  return new PaddockError('invalid_request', message);
}

/** Where the white space from `start` on ends. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case SPACE:
      case LINE_FEED:
      case CARRIAGE_RETURN:
      case TAB:
        continue;
      default:
        return at;
    }
  }
  return bytes.length;
}

/** Where the string ends whose opening quote is at `start`. */
export function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const near = Math.min(at + NEAR, bytes.length);
    while (at < near) {
      const byte = bytes[at];
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }

    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1) break;
    // Backslashes escape one another from the first on, so an even number of them leaves the quote as it is.
    let run = quote;
    while (run > at && bytes[run - 1] === BACKSLASH) run -= 1;
    if ((quote - run) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
  throw toFault(bytes, { at: bytes.length, wanted: 'a quote' });
}

/** Where the value ends that begins at `start`. */
export function skipValue(bytes: Uint8Array, start: number): number {
  switch (bytes[start]) {
    case QUOTE:
      return skipString(bytes, start);
    case OPEN_BRACE:
    case OPEN_BRACKET:
      return skipNested(bytes, start);
    case SMALL_T:
      return skipTrue(bytes, start);
    case SMALL_F:
      return skipFalse(bytes, start);
    case SMALL_N:
      return skipNull(bytes, start);
    default:
      return skipNumber(bytes, start);
  }
}

// Brackets are counted and not matched: where `[}` stands, no receiver reads the body, edited or not.
function skipNested(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    switch (bytes[at]) {
      case QUOTE:
        at = skipString(bytes, at);
        continue;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        if (depth === 0) return at + 1;
    }
    at += 1;
  }
  throw toFault(bytes, { at, wanted: 'a bracket' });
}

function skipWord(word: string) {
  return (bytes: Uint8Array, start: number): number => {
    for (let index = 0; index < word.length; index += 1) {
      if (bytes[start + index] === word.charCodeAt(index)) continue;
      throw toFault(bytes, { at: start + index, wanted: `the value ${word}` });
    }
    return start + word.length;
  };
}

const skipTrue = skipWord('true');
const skipFalse = skipWord('false');
const skipNull = skipWord('null');

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === ZERO ? at + 1 : skipDigits(bytes, at);
  if (bytes[at] === POINT) at = skipDigits(bytes, at + 1);
  if (bytes[at] === SMALL_E || bytes[at] === CAPITAL_E) {
    at += 1;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at += 1;
    at = skipDigits(bytes, at);
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  if (at > start) return at;
  throw toFault(bytes, { at, wanted: 'a value' });
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Whether the value that begins at `start`, and has been passed over, is a number. */
export function isNumber(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === MINUS || isDigit(bytes[start]);
}

/** Whether the value that begins at `start`, and has been passed over, is null. */
export function isNull(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === SMALL_N;
}

/** A test of whether the string whose opening quote is at `start`, and which does end, says `name`, in ASCII. */
export function isString(name: string) {
  return (bytes: Uint8Array, start: number): boolean => {
    let at = start + 1;
    for (let index = 0; index < name.length; index += 1) {
      const code = name.charCodeAt(index);
      if (bytes[at] === code) at += 1;
      else if (bytes[at] === BACKSLASH && readEscape(bytes, at) === code) at += 6;
      else return false;
    }
    return bytes[at] === QUOTE;
  };
}

/** The code unit that an escape such as `\u006d` at `start` stands for, or NaN for anything else. */
function readEscape(bytes: Uint8Array, start: number): number {
  if (bytes[start + 1] !== SMALL_U) return Number.NaN;
  let code = 0;
  for (let at = start + 2; at < start + 6; at += 1) code = code * 16 + hexValue(bytes[at]);
  return code;
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (isDigit(byte)) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= SMALL_A && letter <= SMALL_F ? letter - SMALL_A + 10 : Number.NaN;
}
