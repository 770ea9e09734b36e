// upstream/ sends requests to one provider and reads the answers. It makes no decisions about models.

import * as v from 'valibot';
import { within, type Clock } from '../clock.ts';
import type { Fetch } from '../fetch.ts';
import { toCredentials, type Provider } from '../registry/provider.ts';
import type { Ask, Body, OwnRequest } from '../registry/own-request.ts';
import { JsonReader } from './json-reader.ts';
import { toFailure } from './invalid-answer.ts';
import type { Outcome } from '../registry/outcome.ts';
import type { RunSteps } from '../steps.ts';
import { quoteError } from './quote-error.ts';
import { readText, readTexts } from './read-text.ts';

/** Sends a request and reads its answer. It never throws, follows no redirect, and reads no more than it needs. */
export type RequestUpstream = <T = null>(
  provider: Provider,
  request: OwnRequest<T>,
) => Promise<Outcome<T>>;

/** The most bytes that are read of a body, after decompression. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
/** The longest body that is parsed at once, in characters. Parsing it takes a few milliseconds at most. */
const SMALL = 64 * 1024;
/** The number of characters of a large body to receive before the first parse. */
const FIRST = 512 * 1024;

type List = NonNullable<Body<unknown>['list']>;
const NO_LIST: List = { name: '', maxEntries: 1000 };

interface Parsed {
  readonly value: unknown;
  /** A description of the body for the error if it is not the expected one. */
  readonly received: string;
}

const TOO_LARGE: Parsed = { value: undefined, received: `more than ${MAX_BYTES} bytes` };

/** Creates the function that sends all of Paddock's own requests to providers. */
export function createRequestUpstream(options: {
  fetch: Fetch;
  clock: Pick<Clock, 'after'>;
  run: RunSteps;
}): RequestUpstream {
  const { fetch, clock, run } = options;

  async function send<T>(
    provider: Provider,
    request: OwnRequest<T> & { readonly signal: AbortSignal },
  ): Promise<Outcome<T>> {
    const { method = 'GET', base = provider.baseUrl, path, json, signal, body } = request;
    let response: Response | null = null;
    // One signal may serve many requests: each listens to it only until its answer is read.
    const controller = new AbortController();
    const onAbort = () => controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    try {
      response = await fetch(base + path, {
        method,
        // Old llama-swap releases send errors as text to clients that accept text.
        headers: {
          ...toCredentials(provider),
          accept: 'application/json',
          ...(json !== undefined && { 'content-type': 'application/json' }),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        redirect: 'manual',
        signal: controller.signal,
      });
      const { status } = response;
      const isRead = response.ok ? body !== undefined : request.readsErrors === true;
      // An unread body would hold its connection. A failed cancellation is ignored.
      if (!isRead) response.body?.cancel().catch(() => {});
      if (!response.ok) {
        const text = isRead ? await readText(response, MAX_ERROR_BYTES) : '';
        const cause = new Error(`${method} ${path}: HTTP ${status}${quoteError(status, text)}`);
        return { kind: 'status', status, body: text, cause };
      }
      if (body === undefined) return { kind: 'ok', value: null as T };
      const { list = NO_LIST } = body;
      const parsed = await parse(readTexts(response, MAX_BYTES), { run, list });
      const checked = v.safeParse(body.schema, parsed.value);
      if (checked.success) return { kind: 'ok', value: checked.output };
      const message = `expected ${body.expected} but received ${parsed.received}`;
      const cause = new Error(`${method} ${path}: HTTP ${status}: ${message}`);
      return { kind: 'unexpected', status, isTooLarge: parsed === TOO_LARGE, cause };
    } catch (cause) {
      // Runtimes throw different errors for an abort, so check the signal.
      if (signal.aborted) return { kind: 'timeout', cause: signal.reason };
      return response === null ? toFailure(cause) : { kind: 'cut-off', cause };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  return (provider, { signal, ...request }) => {
    if (signal !== undefined) return send(provider, { ...request, signal });
    return within({ clock, milliseconds: provider.timeoutMs }, (timeout) =>
      send(provider, { ...request, signal: timeout }),
    );
  };
}

/** Returns the function that asks one provider, with a signal for requests that have none of their own. */
export function askProvider(
  provider: Provider,
  { requestUpstream, signal }: { requestUpstream: RequestUpstream; signal?: AbortSignal },
): Ask {
  const defaults = signal === undefined ? {} : { signal };
  return (request) => requestUpstream(provider, { ...defaults, ...request });
}

/** Reads a body as JSON, or as text if it is not JSON. */
async function parse(
  parts: AsyncGenerator<string, boolean, void>,
  { run, list }: { run: RunSteps; list: List },
): Promise<Parsed> {
  let text = '';
  let isTried = false;
  for (;;) {
    const part = await parts.next();
    if (part.done === true) {
      if (part.value && text.length <= SMALL) return parseText(text);
      return parseLarge(text, { run, list, isWhole: part.value });
    }
    text += part.value;
    if (isTried || text.length <= FIRST) continue;
    // In a list of tiny entries, this text already holds all wanted entries. Otherwise receive the rest.
    isTried = true;
    const parsed = await parseLarge(text, { run, list, isWhole: false });
    if (parsed === TOO_LARGE) continue;
    await parts.return(false);
    return parsed;
  }
}

async function parseLarge(
  text: string,
  { run, list, isWhole }: { run: RunSteps; list: List; isWhole: boolean },
): Promise<Parsed> {
  const reader = new JsonReader(text, {
    list: list.name,
    maxEntries: list.maxEntries,
    depth: 0,
  });
  const end = await run(reader.read());
  if (end === 'full' || (end === 'whole' && isWhole)) {
    return { value: reader.value, received: 'other JSON' };
  }
  const isBroken = end === 'broken' || isWhole;
  return isBroken ? { value: undefined, received: nameText(text) } : TOO_LARGE;
}

function parseText(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown, received: 'other JSON' };
  } catch {
    return { value: text, received: nameText(text) };
  }
}

function nameText(text: string): string {
  if (text.trim() === '') return 'nothing';
  return /^\s*</u.test(text) ? 'HTML' : 'text that is not JSON';
}
