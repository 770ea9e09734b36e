// Renames the model in a client's JSON body and leaves every other byte unchanged: the order of keys, white space,
// escapes, numbers too large for a double. The body is never parsed as a whole and never serialized again.

import { PaddockError } from '../errors.ts';
import { MAX_ID_LENGTH } from '../resolve/composite-id.ts';
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  QUOTE,
  isNull,
  isNumber,
  isString,
  skipSpace,
  skipString,
  skipValue,
  toFault,
} from './json-scan.ts';
import { type Edit, spliceBytes } from './splice-bytes.ts';

/** The changes to a body in addition to renaming its model. */
export interface BodyOptions {
  /** Renames `max_completion_tokens` to `max_tokens`, or removes it where `max_tokens` has a value. */
  readonly maxTokens?: boolean;
}

/** A JSON request body whose top level has been read. */
export interface JsonBody {
  /** The decoded value of the top-level `model`, or null where there is no such key or its value is null. */
  readonly model: string | null;
  /**
   * Returns the same body with another model's name; a body without a model gets it as its first member.
   *
   * Call it once: it edits the bytes in place unless they grow, so that a body of 64 MiB does not take 64 MiB more.
   *
   * @throws {PaddockError} `invalid_request` if `maxTokens` is set and the body's token limits cannot be rewritten
   */
  withModel(model: string, options?: BodyOptions): Uint8Array;
}

interface Member {
  /** The end of the member before it, or null for the first member. */
  readonly before: number | null;
  readonly start: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly end: number;
}

interface TopLevel {
  /** The offset after the opening brace. */
  readonly inside: number;
  empty: boolean;
  model: Member | null;
  maxTokens: Member | null;
  maxCompletionTokens: Member | null;
  tokensRepeated: boolean;
}

const isModel = isString('model');
const isMaxTokens = isString('max_tokens');
const isMaxCompletionTokens = isString('max_completion_tokens');

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const MAX_TOKENS = encoder.encode('"max_tokens"');
const NO_BYTES = new Uint8Array(0);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

// One character takes at most 12 bytes: a surrogate pair written as two escapes.
const MAX_LITERAL_LENGTH = MAX_ID_LENGTH * 12 + 2;

/**
 * Parses the top level of a request's body, and takes ownership of the bytes. It skips nested values and does not
 * validate other members: the upstream validates them.
 *
 * @throws {PaddockError} `invalid_request` if the body is not a JSON object, or its `model` is neither one string nor null;
 * `invalid_model_id` if that string is too long for any ID
 */
export function parseJsonBody(bytes: Uint8Array): JsonBody {
  const top = readTopLevel(bytes);
  const model = top.model && decodeModel(bytes, top.model);
  let spent = false;

  return {
    model,
    withModel(name, options = {}) {
      // The first edit may have moved the bytes, so the offsets are no longer valid.
      if (spent) throw new Error('A JSON body was edited twice');
      const edits = options.maxTokens === true ? editTokens(bytes, top) : [];
      if (name !== model) edits.push(editModel(top, name));
      spent = true;
      edits.sort((a, b) => a.start - b.start || a.end - b.end);
      return spliceBytes(bytes, edits);
    },
  };
}

function readTopLevel(bytes: Uint8Array): TopLevel {
  const inside = enterObject(bytes);
  const top: TopLevel = {
    inside,
    empty: false,
    model: null,
    maxTokens: null,
    maxCompletionTokens: null,
    tokensRepeated: false,
  };
  let at = skipSpace(bytes, inside);
  if (bytes[at] === CLOSE_BRACE) top.empty = true;
  else at = readMembers(bytes, { top, at });

  const rest = skipSpace(bytes, at + 1);
  if (rest === bytes.length) return top;
  throw invalid(`The body continues after its JSON object, at byte ${rest}: send only one object.`);
}

/** Returns the offset after the object's opening brace. */
function enterObject(bytes: Uint8Array): number {
  const marked = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
  const at = skipSpace(bytes, marked ? BYTE_ORDER_MARK.length : 0);
  if (bytes[at] === OPEN_BRACE) return at + 1;
  const fault = at === bytes.length ? 'is empty' : 'is not a JSON object';
  throw invalid(`The body ${fault}: send a JSON object.`);
}

/** Reads all members. Returns the offset of the closing brace. */
function readMembers(bytes: Uint8Array, from: { top: TopLevel; at: number }): number {
  const { top } = from;
  let { at } = from;
  let before: number | null = null;
  for (;;) {
    if (bytes[at] !== QUOTE) throw toFault(bytes, { at, wanted: 'a key in double quotes' });
    const start = at;
    const keyEnd = skipString(bytes, start);
    at = skipSpace(bytes, keyEnd);
    if (bytes[at] !== COLON) throw toFault(bytes, { at, wanted: 'a colon' });
    const valueStart = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, valueStart);

    keep(bytes, { top, member: { before, start, keyEnd, valueStart, end } });
    at = skipSpace(bytes, end);
    if (bytes[at] === CLOSE_BRACE) return at;
    if (bytes[at] !== COMMA) throw toFault(bytes, { at, wanted: 'a comma or closing brace' });
    before = end;
    at = skipSpace(bytes, at + 1);
  }
}

function keep(bytes: Uint8Array, found: { top: TopLevel; member: Member }): void {
  const { top, member } = found;
  if (isModel(bytes, member.start)) {
    if (top.model !== null) throw invalid('The body has two "model" keys: send one.', 'model');
    top.model = member;
  } else if (isMaxTokens(bytes, member.start)) {
    top.tokensRepeated ||= top.maxTokens !== null;
    top.maxTokens = member;
  } else if (isMaxCompletionTokens(bytes, member.start)) {
    top.tokensRepeated ||= top.maxCompletionTokens !== null;
    top.maxCompletionTokens = member;
  }
}

function decodeModel(bytes: Uint8Array, { valueStart, end }: Member): string | null {
  if (isNull(bytes, valueStart)) return null;
  if (bytes[valueStart] !== QUOTE) {
    throw invalid('The body\'s "model" is not a string: send a model ID.', 'model');
  }
  if (end - valueStart > MAX_LITERAL_LENGTH) {
    const message = `The model ID is longer than ${MAX_ID_LENGTH} characters.`;
    throw new PaddockError('invalid_model_id', message, { param: 'model' });
  }
  try {
    return JSON.parse(decoder.decode(bytes.subarray(valueStart, end))) as string;
  } catch (cause) {
    const message =
      'The body\'s "model" is not a valid JSON string: escape control characters and backslashes, and send UTF-8.';
    throw new PaddockError('invalid_request', message, { param: 'model', cause });
  }
}

function editModel({ inside, empty, model }: TopLevel, name: string): Edit {
  const literal = JSON.stringify(name);
  if (model) return { start: model.valueStart, end: model.end, bytes: encoder.encode(literal) };
  const member = `"model":${literal}${empty ? '' : ','}`;
  return { start: inside, end: inside, bytes: encoder.encode(member) };
}

function editTokens(bytes: Uint8Array, top: TopLevel): Edit[] {
  const { maxTokens, maxCompletionTokens } = top;
  if (maxCompletionTokens === null) return [];
  if (top.tokensRepeated) {
    const message = 'The body has "max_tokens" or "max_completion_tokens" twice: send one of them.';
    throw invalid(message, 'max_tokens');
  }
  if (maxTokens !== null && !isNull(bytes, maxTokens.valueStart)) {
    return [removeMember(bytes, maxCompletionTokens)];
  }
  const { start, keyEnd } = maxCompletionTokens;
  const renamed = { start, end: keyEnd, bytes: MAX_TOKENS };
  return maxTokens === null ? [renamed] : [renamed, removeMember(bytes, maxTokens)];
}

function removeMember(bytes: Uint8Array, member: Member): Edit {
  const { before, start, valueStart, end } = member;
  // The upstream cannot validate a removed value. Only numbers and nulls have been validated completely here.
  if (!isNumber(bytes, valueStart) && !isNull(bytes, valueStart)) {
    throw invalid(
      '"max_completion_tokens" is not a number: send one, or leave it out.',
      'max_completion_tokens',
    );
  }
  if (before !== null) return { start: before, end, bytes: NO_BYTES };
  const comma = skipSpace(bytes, end);
  return { start, end: skipSpace(bytes, comma + 1), bytes: NO_BYTES };
}

function invalid(message: string, param?: string): PaddockError {
  return new PaddockError('invalid_request', message, param === undefined ? {} : { param });
}
