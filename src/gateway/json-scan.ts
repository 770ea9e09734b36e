// Scans JSON byte by byte, without building values, copying or recursion. Strings and nested values are skipped and not
// validated: the upstream validates them.

import { PaddockError } from '../errors.ts';

// The bytes of JSON's syntax. All are ASCII, so none can be a part of another character in UTF-8.
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

/** How many bytes of a string are compared one by one before the native search for its end starts. */
const NEAR = 32;

/** Returns the error for a body that has something else at `at`, or ends, where `wanted` is expected. */
export function toFault(bytes: Uint8Array, fault: { at: number; wanted: string }): PaddockError {
  const { at, wanted } = fault;
  const message =
    at < bytes.length
      ? `The body is not well-formed JSON: expected ${wanted} at byte ${at}.`
      : 'The body ends inside its JSON object: send all of it.';
  return new PaddockError('invalid_request', message);
}

/** Returns the offset of the first byte from `start` on that is not white space. */
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

/** Returns the offset after the string whose opening quote is at `start`. */
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
    // Backslashes escape each other in pairs, so a quote after an even number of them is not escaped.
    let run = quote;
    while (run > at && bytes[run - 1] === BACKSLASH) run -= 1;
    if ((quote - run) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
  throw toFault(bytes, { at: bytes.length, wanted: 'a quote' });
}

/** Returns the offset after the value that begins at `start`. */
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

// Brackets are counted but not matched by kind: upstreams reject a body with `[}` in any case.
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

/** Whether the value at `start` is a number. `skipValue` must have accepted the value. */
export function isNumber(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === MINUS || isDigit(bytes[start]);
}

/** Whether the value at `start` is null. `skipValue` must have accepted the value. */
export function isNull(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === SMALL_N;
}

/** Returns a test whether the complete string whose opening quote is at `start` equals `name`, which must be ASCII. */
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

/** Returns the code unit of an escape such as `\u006d` at `start`, or NaN for anything else. */
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
