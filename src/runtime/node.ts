import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { start } from './start.ts';

await start(async ({ fetch, host, port }) => {
  const server = createAdaptorServer({ fetch }) as Server;
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
});
