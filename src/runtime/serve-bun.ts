import { createFetchTransport } from '../gateway/transport.ts';
import { raiseRequestLimit } from './raise-request-limit.ts';
import { start, type StartOptions } from './start.ts';

/** Serves Paddock on Bun until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  raiseRequestLimit();
  await start(
    {
      // Bun would give up after five minutes without an answer.
      transport: createFetchTransport((url, init) => fetch(url, { ...init, timeout: false })),
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
