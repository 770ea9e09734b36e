import { once } from 'node:events';
import type { LookupFunction, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestFetch } from '../../database/bound-fetch.ts';
import { deliverOnNode } from './deliver-on-node.ts';
import { createUpstreamClient } from '../http-client/upstream-client.ts';
import { createNodeServer } from './node-server.ts';
import { BINDINGS, createNodeTransport, type ServedRequest } from './node-transport.ts';
import { createSharedLookup } from '../shared-lookup.ts';
import { deliverUpgraded } from '../upgraded-response.ts';
import { createUpstreamFetch } from '../open-upstreams.ts';
import { createSocketWatch } from '../watch-sockets.ts';
import { start, type StartOptions } from '../start.ts';

/** How often idle connections are closed while the process ends, in milliseconds. */
const IDLE_CHECK_MS = 50;

/** The maximum time until everything that a connection carried has noticed its end, in milliseconds. */
const SETTLE_MS = 20;

/**
 * The number of Node's threads, of which half may look up names. Node reads the number when it first needs a thread,
 * except on Windows. Node 20 needs threads to load its files, so there it has four unless its environment says
 * otherwise.
 */
const THREADS = '32';

/** Serves Paddock on Node until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  process.env['UV_THREADPOOL_SIZE'] ??= THREADS;
  const lookup = createSharedLookup();
  const watch = createSocketWatch();
  const upstreams = createUpstreamClient({ lookup, watch });
  const { inbound, transport, tunnels, serve: bind } = createNodeTransport(upstreams);
  await start(
    {
      fetch: createUpstreamFetch(upstreams),
      fetchDatabase: createDatabaseFetch(lookup),
      inbound,
      transport,
      deliver: deliverUpgraded(deliverOnNode),
      readAddress: (request: ServedRequest) =>
        request[BINDINGS]?.incoming.socket.remoteAddress ?? null,
      listen: async ({ fetch, refuse, host, port }) => {
        const server = createNodeServer(bind(fetch), { refuse });
        const connections = new Set<Socket>();
        server.on('connection', (connection) => {
          // A connection is emitted again if an upgrade that it requested is ignored.
          if (connections.has(connection)) return;
          connections.add(connection);
          watch(connection);
          connection.once('close', () => connections.delete(connection));
        });
        server.listen(port, host);
        await once(server, 'listening');
        // Accepting fails if no file descriptors are left. `watchDescriptors` handles that.
        server.on('error', () => {});
        const address = server.address();
        return {
          port: typeof address === 'object' && address !== null ? address.port : port,
          closeIdle: () => server.closeIdleConnections(),
          drain: () => {
            const closed = new Promise((resolve) => server.close(resolve));
            tunnels.stop();
            // Browsers open connections in advance, and Node waits for a request on each.
            for (const connection of connections) {
              if (connection.bytesRead === 0) connection.destroy();
            }
            // Otherwise the server would wait for connections that are kept alive.
            const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
            return closed.finally(() => clearInterval(idle));
          },
          cut: async () => {
            tunnels.destroy();
            server.closeAllConnections();
            for (const connection of connections) connection.destroy();
            await sleep(SETTLE_MS);
          },
        };
      },
    },
    options,
  );
}

/** Creates the `fetch` for a remote database. It loads its package for the first request: that takes a tenth of a second. */
function createDatabaseFetch(lookup: LookupFunction): RequestFetch {
  const load = async () => {
    const { Agent, setGlobalDispatcher } = await import('undici');
    // Node's `fetch` takes its connections from this dispatcher.
    setGlobalDispatcher(new Agent({ connect: { lookup } }));
  };
  let loading: Promise<void> | undefined;
  return async (request, init) => {
    await (loading ??= load());
    return fetch(request, init);
  };
}
