import { within, type Clock } from '../clock.ts';

/** The timeout for one request to a libSQL server, in milliseconds. */
const TIMEOUT_MS = 5000;

/** A `fetch` for the requests of libSQL's client. */
export type RequestFetch = (request: Request, init: RequestInit) => Promise<Response>;

/** Creates a `fetch` for libSQL over HTTP, with a time limit. It keeps the token out of failures. */
export function createBoundFetch(options: {
  fetch: RequestFetch;
  clock: Pick<Clock, 'after'>;
}): (request: Request) => Promise<Response> {
  const { fetch, clock } = options;
  return (request) =>
    within({ clock, milliseconds: TIMEOUT_MS }, async (signal) => {
      const response = await fetch(request, { signal });
      // Node never closes a body that it cannot decompress, even if its own signal is aborted.
      const body = response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), {
        signal,
      });
      const whole = new Response(body ?? null);
      return response.ok
        ? new Response(await whole.arrayBuffer(), response)
        : withoutToken(response, { request, text: await whole.text() });
    });
}

/** Removes the token from a failure: its text becomes an error's message, and the server may repeat what it received. */
function withoutToken(
  response: Response,
  { request, text }: { request: Request; text: string },
): Response {
  const token = request.headers.get('authorization')?.replace(/^Bearer /u, '') ?? '';
  const safe = token === '' ? text : text.replaceAll(token, '***');
  const reason = readReason(safe);
  if (reason === null) return new Response(safe, response);
  const headers = { 'content-type': 'text/plain' };
  return new Response(reason, { status: response.status, headers });
}

/** Reads the reason in a libSQL server's JSON for a rejected request. Its client ignores JSON but shows plain text. */
function readReason(text: string): string | null {
  try {
    const { error } = Object(JSON.parse(text)) as { error?: unknown };
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}
