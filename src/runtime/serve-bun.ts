import { createFetchTransport } from '../gateway/transport.ts';
import { raiseRequestLimit } from './raise-request-limit.ts';
import { start, type StartOptions } from './start.ts';

/** Serves Paddock on Bun until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  raiseRequestLimit();
  await start(
    {
      transport: createFetchTransport(fetchUnlogged),
      listen: async ({ fetch, host, port }) => {
        const server = Bun.serve({
          fetch,
          hostname: host,
          port,
          // Both limits are Paddock's own to set: a model may take minutes to load, and MAX_BODY_BYTES says the size.
          idleTimeout: 0,
          maxRequestBodySize: Number.MAX_SAFE_INTEGER,
        });
        return {
          port: server.port ?? port,
          close: async (graceMs) => {
            await Promise.race([server.stop(), Bun.sleep(graceMs)]);
            await server.stop(true);
          },
        };
      },
    },
    options,
  );
}

/**
 * Bun's `fetch` without its limit of five minutes. What breaks off an answer that is on its way to a client Bun writes to the
 * standard error stream by itself, with the URL: where that has a query, which may hold what is nobody's business, the
 * stream is broken off for no reason at all, of which Bun says nothing.
 */
async function fetchUnlogged(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, timeout: false });
  if (response.body === null || !url.includes('?')) return response;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  response.body
    .pipeTo(writable, { preventAbort: true })
    .catch(() => writable.abort().catch(() => {}));
  return new Response(readable, response);
}
