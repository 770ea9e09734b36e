import { countBody } from '../../http/middleware/count-body.ts';
import type { BunWebSocket } from './bun-web-socket.ts';
import { openBunSockets } from './bun-sockets.ts';
import { createBunWebSockets } from './bun-web-sockets.ts';
import { explainExhaustion, isExhausted } from '../descriptors.ts';
import { dropBody } from '../drop-body.ts';
import { openUpstreams } from '../open-upstreams.ts';
import { deliverUpgraded, UpgradedResponse } from '../upgraded-response.ts';
import type { Listen, Listening } from '../listen-on-ports.ts';
import { createSharedLookup } from '../shared-lookup.ts';
import { watchPeers } from '../vanished-peers.ts';
import { start, type StartOptions } from '../start.ts';

/** The variables that Bun reads when it starts, and their raised values. */
const LIMITS = {
  // The maximum that Bun accepts. By default it silently holds back more than 256 requests.
  BUN_CONFIG_MAX_HTTP_REQUESTS: '65336',
  // Threads, by default one per core. A name that no name server answers for blocks a thread for ten seconds or more.
  // While such names block all threads, no other name is looked up, no file is read and no response is compressed.
  UV_THREADPOOL_SIZE: '32',
};

/** How long a connection may be idle between two requests, in seconds: the maximum that Bun supports. */
const IDLE_S = 255;

/** The maximum time until everything that a connection carried has noticed its end, in milliseconds. */
const SETTLE_MS = 20;

/** The server's state from which the end of a response is determined. */
interface ServerState {
  /** The listening servers. Each knows the requests of all. */
  readonly servers: Bun.Server<BunWebSocket>[];
  /** Refused requests with a body, part of which may still arrive. */
  readonly refused: WeakSet<Request>;
}

/** Serves Paddock on Bun until a signal ends it. */
export async function serve(options: StartOptions): Promise<void> {
  raiseLimits();
  const state: ServerState = { servers: [], refused: new WeakSet() };
  const sockets = await openBunSockets();
  if (sockets !== null) {
    const isBusy = (server: Bun.Server<BunWebSocket>) =>
      server.pendingRequests > 0 || server.pendingWebSockets > 0;
    watchPeers({
      isNeeded: () => state.servers.some(isBusy),
      close: ({ inode }) => sockets.end(inode),
    });
  }
  const { fetch, transport } = openUpstreams(createSharedLookup());
  await start(
    {
      fetch: explainExhaustion(fetch),
      // Bun's server reads the messages, so client and upstream cannot negotiate extensions.
      transport: { ...transport, webSockets: { extensions: false }, isExhausted },
      deliver: deliverUpgraded((delivering) => {
        const { request, exchange, ended } = delivering;
        if (exchange.error !== null && request.body !== null) state.refused.add(request);
        return countBody({
          ...delivering,
          ended: (delivery) => {
            // A response that was handed over may still be in flight.
            if (delivery.end !== 'handed_over') state.servers[0]?.timeout(request, IDLE_S);
            ended(delivery);
          },
        });
      }),
      readAddress: (request) => state.servers[0]?.requestIP(request)?.address ?? null,
      listen: async (listening) => {
        const listens = listen(listening, state);
        sockets?.keepAlive(listens.port);
        return listens;
      },
    },
    options,
  );
}

function listen(options: Parameters<Listen>[0], state: ServerState): Listening {
  const { fetch, refuse, host, port, maxBodyBytes } = options;
  const webSockets = createBunWebSockets({ maxBytes: maxBodyBytes, refuse });
  const server: Bun.Server<BunWebSocket> = Bun.serve({
    fetch: async (request): Promise<Response | undefined> => {
      // A model may take minutes to load, and as long between two tokens.
      server.timeout(request, 0);
      const response = await fetch(request);
      if (response instanceof UpgradedResponse) {
        return webSockets.accept({ server, request, response });
      }
      if (state.refused.has(request) && !(await dropBody(request, response.status))) {
        response.headers.set('connection', 'close');
      }
      return response;
    },
    hostname: host,
    port,
    idleTimeout: IDLE_S,
    // MAX_BODY_BYTES limits the size.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    // Bun's own error page would show the source.
    development: false,
    // Without `development`, Bun would share the port with another process that listens on it.
    reusePort: false,
    websocket: webSockets.handler,
    error: (cause) => {
      const { body, ...head } = refuse(cause);
      return new Response(body, head);
    },
  });
  state.servers.push(server);
  return {
    port: server.port ?? port,
    closeIdle: () => void server.closeIdleConnections(),
    drain: () => {
      const closed = server.stop();
      webSockets.stop();
      return closed;
    },
    cut: async () => {
      await server.stop(true);
      await Bun.sleep(SETTLE_MS);
    },
  };
}

/** Raises Bun's limits, unless the environment sets them, by replacing the process, if the system can do that. */
function raiseLimits(): void {
  if (Object.keys(LIMITS).every((name) => process.env[name] !== undefined)) return;
  const { execPath, execArgv, argv, env } = process;
  // Bun's types lack `execve`, which it shares with Node 22.15.
  const { execve } = process as unknown as {
    execve?(file: string, args: readonly string[], env: Record<string, string | undefined>): never;
  };
  if (process.platform === 'win32' || execve === undefined) return;
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...LIMITS, ...env });
}
