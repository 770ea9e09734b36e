/** How long a libSQL server may take over one request, in milliseconds. */
const TIMEOUT_MS = 5000;

/**
 * A `fetch` for libSQL over HTTP that gives up on a server that does not answer, or not to the end, and lets no failure
 * show the token.
 */
export async function boundFetch(request: Request): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(request, { signal });
  // Node leaves a body that it cannot unpack open for ever, its own signal notwithstanding.
  const body = response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), {
    signal,
  });
  if (response.ok) return new Response(body ?? null, response);
  // What the server says of a failure becomes an error's message, and it may repeat what it was sent.
  const token = request.headers.get('authorization')?.replace(/^Bearer /u, '') ?? '';
  const text = await new Response(body ?? null).text();
  return new Response(token === '' ? text : text.replaceAll(token, '***'), response);
}
