import { createFetchTransport } from '../gateway/transport.ts';
import { countBody } from '../http/count-body.ts';
import { dropBody } from './drop-body.ts';
import { raiseLimits } from './raise-limits.ts';
import { start, type StartOptions } from './start.ts';

/** How long a connection may lie idle between two requests, in seconds: the most that Bun knows. */
const IDLE_S = 255;

/** How long it takes at most until all that a connection carried has noticed that it is gone, in milliseconds. */
const NOTICE_MS = 20;

/** Serves Paddock on Bun until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  raiseLimits();
  let server: Bun.Server<undefined> | null = null;
  /** Requests that were refused with a body, of which some may still be to come. */
  const refused = new WeakSet<Request>();
  await start(
    {
      transport: createFetchTransport(fetchUnlogged, { decompress: false }),
      deliver: (delivering) => {
        const { request, exchange, ended } = delivering;
        if (exchange.error !== null && request.body !== null) refused.add(request);
        return countBody({
          ...delivering,
          ended: (delivery) => {
            // What is handed over may still be on its way.
            if (delivery.end !== 'handed_over') server?.timeout(request, IDLE_S);
            ended(delivery);
          },
        });
      },
      readAddress: (request) => server?.requestIP(request)?.address ?? null,
      listen: async ({ fetch, refuse, host, port }) => {
        const listening = Bun.serve({
          fetch: async (request) => {
            // A model may take minutes to load, and as long between two words.
            listening.timeout(request, 0);
            const response = await fetch(request);
            if (refused.has(request) && !(await dropBody(request, response.status))) {
              response.headers.set('connection', 'close');
            }
            return response;
          },
          hostname: host,
          port,
          idleTimeout: IDLE_S,
          // MAX_BODY_BYTES says the size.
          maxRequestBodySize: Number.MAX_SAFE_INTEGER,
          // Its own page would show the source.
          development: false,
          // Without development it would share the port with whoever listens there already.
          reusePort: false,
          error: (cause) => {
            const { body, ...head } = refuse(cause);
            return new Response(body, head);
          },
        });
        server = listening;
        return {
          port: listening.port ?? port,
          drain: () => listening.stop(),
          cut: async () => {
            await listening.stop(true);
            await Bun.sleep(NOTICE_MS);
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
