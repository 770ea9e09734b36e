import type { Fetch } from '../fetch.ts';

/** One request to a provider, bounded in time by its signal. */
export interface Question {
  readonly fetch: Fetch;
  /** GET by default. */
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Asks for JSON, and follows no redirect. */
export function ask({ fetch, method = 'GET', url, headers, signal }: Question): Promise<Response> {
  return fetch(url, {
    method,
    // Old llama-swap releases answer errors as text to whoever accepts text.
    headers: { ...headers, accept: 'application/json' },
    redirect: 'manual',
    signal,
  });
}
