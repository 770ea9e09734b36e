import { within, type Clock } from '../clock.ts';

/** How long a libSQL server may take over one request, in milliseconds. */
const TIMEOUT_MS = 5000;

/** `fetch` for the requests that libSQL's client makes. */
type RequestFetch = (request: Request, init: RequestInit) => Promise<Response>;

/**
 * Creates a `fetch` for libSQL over HTTP that gives up on a server that does not answer, or not to the end, and lets no
 * failure show the token.
 */
export function createBoundFetch(options: {
  fetch: RequestFetch;
  clock: Pick<Clock, 'after'>;
}): (request: Request) => Promise<Response> {
  const { fetch, clock } = options;
  return (request) =>
    within({ clock, milliseconds: TIMEOUT_MS }, async (signal) => {
      const response = await fetch(request, { signal });
      // Node leaves a body that it cannot unpack open for ever, its own signal notwithstanding.
      const body = response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), {
        signal,
      });
      const whole = new Response(body ?? null);
      return response.ok
        ? new Response(await whole.arrayBuffer(), response)
        : toHarmless(response, { request, text: await whole.text() });
    });
}

/** What the server says of a failure becomes an error's message, and it may repeat what it was sent. */
function toHarmless(
  response: Response,
  { request, text }: { request: Request; text: string },
): Response {
  const token = request.headers.get('authorization')?.replace(/^Bearer /u, '') ?? '';
  const harmless = token === '' ? text : text.replaceAll(token, '***');
  const reason = readReason(harmless);
  if (reason === null) return new Response(harmless, response);
  const headers = { 'content-type': 'text/plain' };
  return new Response(reason, { status: response.status, headers });
}

/** What a libSQL server says in JSON of a request that it refuses: of that its client makes nothing, but of plain text a message. */
function readReason(text: string): string | null {
  try {
    const { error } = Object(JSON.parse(text)) as { error?: unknown };
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}
