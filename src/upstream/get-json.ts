// upstream/ speaks to one provider over HTTP, and decides nothing about models. `getJson` never throws for what a host
// does: whatever comes back, or fails to, is an answer. `LlamaSwapApi` throws, for whoever wants to do something there.

import { isExhaustion } from '../errors.ts';
import { ask, type Question } from './ask.ts';
import { InvalidAnswer } from './invalid-answer.ts';
import { JsonReader } from './json-reader.ts';
import { readText, readTexts } from './read-text.ts';

/** What a host made of one GET: its JSON, or how it failed to give any. */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'timeout' }
  /** It is not an HTTP answer; what was sent, in words that follow the provider's name. */
  | { readonly kind: 'invalid-answer'; readonly sent: string }
  | { readonly kind: 'unreachable'; readonly cause: unknown }
  /** Paddock itself had no file descriptors left. */
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'cut-off'; readonly cause: unknown };

/** Does work in steps, and lets other requests be served between them. */
type RunSteps = <T>(steps: Generator<void, T, void>) => T | Promise<T>;

/** One GET of JSON, bounded in time by its signal and in size, in bytes after decompression. */
export interface JsonRequest extends Omit<Question, 'method'> {
  readonly maxBytes: number;
  /** How a large answer is read; without it, at once. */
  readonly large?: {
    /** The array that is asked for, and how many of its entries are wanted: no more is read. */
    readonly list: string;
    readonly mostEntries: number;
    readonly run: RunSteps;
  };
}

/** Answers of no more than so many characters are parsed at once, which takes a few milliseconds at most. */
const SMALL = 64 * 1024;

/** So many characters of a large answer are looked at before it has come whole. */
const FIRST = 512 * 1024;

/** Asks for JSON, follows no redirect, and reads no more than it must. */
export async function getJson(request: JsonRequest): Promise<JsonAnswer> {
  let response: Response;
  try {
    response = await ask(request);
  } catch (cause) {
    if (request.signal.aborted) return { kind: 'timeout' };
    if (isExhaustion(cause)) return { kind: 'exhausted' };
    if (cause instanceof InvalidAnswer) return { kind: 'invalid-answer', sent: cause.sent };
    return { kind: 'unreachable', cause };
  }
  if (response.ok) return readJson(response, request);
  // An unread body would hold its connection; how its end is met no longer matters.
  response.body?.cancel().catch(() => {});
  const isRedirect =
    response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  return isRedirect ? { kind: 'redirect' } : { kind: 'status', status: response.status };
}

async function readJson(response: Response, request: JsonRequest): Promise<JsonAnswer> {
  try {
    const { large } = request;
    if (large !== undefined) return await readParts(readTexts(response, request), large);
    const { text, isWhole } = await readText(response, request);
    return isWhole ? parse(text) : { kind: 'too-large' };
  } catch (cause) {
    return request.signal.aborted ? { kind: 'timeout' } : { kind: 'cut-off', cause };
  }
}

async function readParts(
  parts: AsyncGenerator<string, boolean, void>,
  large: NonNullable<JsonRequest['large']>,
): Promise<JsonAnswer> {
  const { run, list, mostEntries } = large;
  const reader = new JsonReader({ list, mostEntries, depth: 0 });
  let text = '';
  let isBegun = false;
  for (;;) {
    const part = await parts.next();
    if (part.done === true) {
      if (part.value && !isBegun && text.length <= SMALL) return parse(text);
      await run(reader.push(text));
      return toAnswer(reader, { isWhole: part.value });
    }
    text += part.value;
    if (isBegun || text.length <= FIRST) continue;
    // Of a list of tiny entries this has as many as are wanted. Else the rest is read first, for that may not take long.
    await run(reader.push(text));
    [text, isBegun] = ['', true];
    if (!reader.isFull && !reader.isBroken) continue;
    await parts.return(false);
    return toAnswer(reader, { isWhole: false });
  }
}

function parse(text: string): JsonAnswer {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not-json' };
  }
}

function toAnswer(reader: JsonReader, { isWhole }: { isWhole: boolean }): JsonAnswer {
  if (!isWhole && !reader.isFull && !reader.isBroken) return { kind: 'too-large' };
  const value = reader.end();
  return value === null ? { kind: 'not-json' } : { kind: 'json', value };
}
