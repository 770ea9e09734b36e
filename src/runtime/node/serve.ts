import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, setGlobalDispatcher } from 'undici';
import { deliverOnNode } from './deliver-on-node.ts';
import { createUpstreamClient } from '../http-client/upstream-client.ts';
import { createNodeServer } from './node-server.ts';
import { createNodeTransport } from './node-transport.ts';
import { createSharedLookup } from '../shared-lookup.ts';
import { BINDINGS, type ServedRequest } from './served-request.ts';
import { deliverUpgraded } from '../upgraded-response.ts';
import { createUpstreamFetch } from '../upstream-fetch.ts';
import { upgradeUpstream } from '../upgrade-upstream.ts';
import { createSocketWatch } from '../watch-sockets.ts';
import { start, type StartOptions } from '../start.ts';

/** How often connections that have nothing more to do are closed while a process ends, in milliseconds. */
const IDLE_CHECK_MS = 50;

/** How long it takes at most until all that a connection carried has noticed that it is gone, in milliseconds. */
const NOTICE_MS = 20;

/**
 * How many threads Node has, of which half may look up names. It takes the number as long as it has needed none, except on
 * Windows; Node 20 has needed some to load its files, and has four where its environment does not say otherwise.
 */
const THREADS = '32';

/** Serves Paddock on Node until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  process.env['UV_THREADPOOL_SIZE'] ??= THREADS;
  const lookup = createSharedLookup();
  const watch = createSocketWatch();
  // Node's `fetch`, by which a remote database is reached, takes its connections from there.
  setGlobalDispatcher(new Agent({ connect: { lookup } }));
  const upstreams = createUpstreamClient({ lookup, watch });
  const { inbound, transport, tunnels, serve: bind } = createNodeTransport(upstreams);
  await start(
    {
      fetch: createUpstreamFetch(upstreams),
      inbound,
      transport: {
        ...transport,
        upgrade: (request) => upgradeUpstream(request, { lookup, watch }),
      },
      deliver: deliverUpgraded(deliverOnNode),
      readAddress: readNodeAddress,
      listen: async ({ fetch, refuse, host, port }) => {
        const server = createNodeServer(bind(fetch), { refuse });
        const connections = new Set<Socket>();
        server.on('connection', (connection) => {
          // A connection comes again when an upgrade that it asked for is ignored.
          if (connections.has(connection)) return;
          connections.add(connection);
          watch(connection);
          connection.once('close', () => connections.delete(connection));
        });
        server.listen(port, host);
        await once(server, 'listening');
        // Accepting fails where no file descriptors are left, which is seen elsewhere.
        server.on('error', () => {});
        const address = server.address();
        return {
          port: typeof address === 'object' && address !== null ? address.port : port,
          closeIdle: () => server.closeIdleConnections(),
          drain: () => {
            const closed = new Promise((resolve) => server.close(resolve));
            tunnels.stop();
            // Browsers open some in advance, and Node waits for a request on each.
            for (const connection of connections) {
              if (connection.bytesRead === 0) connection.destroy();
            }
            // A connection that is kept alive would else be waited for.
            const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
            return closed.finally(() => clearInterval(idle));
          },
          cut: async () => {
            tunnels.destroy();
            server.closeAllConnections();
            for (const connection of connections) connection.destroy();
            await sleep(NOTICE_MS);
          },
        };
      },
    },
    options,
  );
}

function readNodeAddress(request: ServedRequest): string | null {
  return request[BINDINGS]?.incoming.socket.remoteAddress ?? null;
}
