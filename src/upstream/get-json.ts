// upstream/ speaks to one provider over HTTP. It decides nothing about models and never throws for what a
// host does: whatever comes back, or fails to, is an answer.

/** `fetch` as the app is given it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
export interface JsonRequest {
  readonly fetch: Fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

/** Asks for JSON, follows no redirect, and reads no more than it must. */
export async function getJson(request: JsonRequest): Promise<JsonAnswer> {
  let response: Response;
  try {
    response = await request.fetch(request.url, {
      // Old llama-swap releases answer errors as text to whoever accepts text.
      headers: { ...request.headers, accept: 'application/json' },
      redirect: 'manual',
      signal: request.signal,
    });
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
  let text: string | null;
  try {
    text = await readText(response, request.maxBytes);
  } catch (cause) {
    return request.signal.aborted ? { kind: 'timeout' } : { kind: 'cut-off', cause };
  }
  if (text === null) return { kind: 'too-large' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not-json' };
  }
}

async function readText(response: Response, maxBytes: number): Promise<string | null> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBytes) {
      reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
