/** How long a libSQL server may take over one request, in milliseconds. */
const TIMEOUT_MS = 5000;

/** A `fetch` for libSQL over HTTP that gives up on a server that does not answer. */
export function boundFetch(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
}
