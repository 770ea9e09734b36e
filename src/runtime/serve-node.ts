import { once } from 'node:events';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Server } from 'node:http';
import { createNodeTransport } from './node-transport.ts';
import { start, type StartOptions } from './start.ts';

/** Serves Paddock on Node until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  const { transport, serve: bind } = createNodeTransport();
  await start(
    {
      transport,
      listen: async ({ fetch, host, port }) => {
        const handle = bind(fetch);
        const server = createAdaptorServer({
          // This server speaks HTTP/1 alone.
          fetch: (request, bindings) => handle(request, bindings as HttpBindings),
        }) as Server;
        server.listen(port, host);
        await once(server, 'listening');
        const address = server.address();
        return {
          port: typeof address === 'object' && address !== null ? address.port : port,
          close: async () => {
            server.close();
            server.closeAllConnections();
          },
        };
      },
    },
    options,
  );
}
