// upstream/ speaks to one provider over HTTP, and decides nothing about models. `getJson` never throws for what a host
// does: whatever comes back, or fails to, is an answer. `LlamaSwapApi` throws, for whoever wants to do something there.

import { ask, type Question } from './ask.ts';
import { readText, type ReadText } from './read-text.ts';

/** What a host made of one GET: its JSON, or how it failed to give any. */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly cause: unknown }
  | { readonly kind: 'cut-off'; readonly cause: unknown };

/** One GET of JSON, bounded in time by its signal and in size, in bytes after decompression. */
export interface JsonRequest extends Omit<Question, 'method'> {
  readonly maxBytes: number;
}

/** Asks for JSON, follows no redirect, and reads no more than it must. */
export async function getJson(request: JsonRequest): Promise<JsonAnswer> {
  let response: Response;
  try {
    response = await ask(request);
  } catch (cause) {
    return request.signal.aborted ? { kind: 'timeout' } : { kind: 'unreachable', cause };
  }
  if (response.ok) return readJson(response, request);
  // An unread body would hold its connection; how its end is met no longer matters.
  response.body?.cancel().catch(() => {});
  const isRedirect =
    response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  return isRedirect ? { kind: 'redirect' } : { kind: 'status', status: response.status };
}

async function readJson(response: Response, request: JsonRequest): Promise<JsonAnswer> {
  let read: ReadText;
  try {
    read = await readText(response, request);
  } catch (cause) {
    return request.signal.aborted ? { kind: 'timeout' } : { kind: 'cut-off', cause };
  }
  if (!read.isWhole) return { kind: 'too-large' };
  try {
    return { kind: 'json', value: JSON.parse(read.text) };
  } catch {
    return { kind: 'not-json' };
  }
}
