import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { ClientGone } from '../gateway/client-gone.ts';
import { readBytes } from '../gateway/read-bytes.ts';
import type { Transport, UpstreamRequest } from '../gateway/transport.ts';
import { NodeAnswer } from './node-answer.ts';
import { PipedResponse } from './piped-response.ts';
import { readIncoming } from './read-incoming.ts';
import { createTunnels, type Tunnels } from './tunnels.ts';
import { UpgradedResponse } from './upgraded-response.ts';
import { KEEP_ALIVE_MS, type WatchSocket } from './watch-sockets.ts';
import { BINDINGS, type ServedRequest } from './served-request.ts';

/** A transport, and what a server must do for it. */
export interface NodeTransport {
  readonly transport: Transport;
  /** The WebSockets that are passed on. */
  readonly tunnels: Pick<Tunnels, 'stop' | 'destroy'>;
  /** Lets an app's answers flow straight into the sockets of a Node server. */
  serve(
    fetch: (request: Request) => Response | Promise<Response>,
  ): (request: Request, bindings: HttpBindings) => Promise<Response>;
}

/** How long a host may take to accept a connection, in milliseconds: one that is asleep never does. */
const CONNECT_TIMEOUT_MS = 10_000;

interface Origin {
  readonly pool: Pool;
  /** The path that all requests to it begin with. */
  readonly prefix: string;
}

/**
 * Node's faster transport: undici without its `fetch`, of which streams and headers are most of the cost.
 * @param options.lookup what looks up the names of hosts; Node's own by default
 */
export function createNodeTransport(
  options: { lookup?: LookupFunction; watch?: WatchSocket } = {},
): NodeTransport {
  const connect = createConnect(options);
  const origins = new Map<string, Origin>();
  const tunnels = createTunnels();

  function toOrigin(base: string): Origin {
    const known = origins.get(base);
    if (known !== undefined) return known;
    const { origin, pathname } = new URL(base);
    const pool = new Pool(origin, {
      // A model may take minutes to load, and as long between two words. Each request brings its own limits.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect,
    });
    const made = { pool, prefix: pathname === '/' ? '' : pathname };
    origins.set(base, made);
    return made;
  }

  return {
    tunnels,
    transport: {
      readHeaders: (client) => {
        const headers = (client as ServedRequest)[BINDINGS]?.incoming.headers;
        // Only `set-cookie`, which no request has, would be an array.
        return headers === undefined
          ? Object.fromEntries(client.headers)
          : (headers as Record<string, string>);
      },
      readBytes: (client, limits) => {
        const incoming = (client as ServedRequest)[BINDINGS]?.incoming;
        const isUnread = incoming !== undefined && !incoming.readableDidRead;
        return isUnread ? readIncoming(incoming, limits) : readBytes(client, limits);
      },
      send: (request) => send(request, toOrigin(request.base)),
    },
    serve: (fetch) => async (request, bindings) => {
      (request as ServedRequest)[BINDINGS] = bindings;
      const response = await fetch(request);
      if (response instanceof UpgradedResponse) {
        // This server speaks HTTP/1 alone.
        tunnels.open(response, bindings.outgoing as ServerResponse);
        return RESPONSE_ALREADY_SENT;
      }
      if (!(response instanceof PipedResponse)) return response;
      response.sendTo(bindings.outgoing);
      return RESPONSE_ALREADY_SENT;
    },
  };
}

/** Makes what opens connections that are watched. */
function createConnect(options: {
  lookup?: LookupFunction;
  watch?: WatchSocket;
}): buildConnector.connector {
  const { lookup, watch } = options;
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    ...(lookup !== undefined && { lookup }),
  });
  return (origin, callback) =>
    connect(origin, (...result) => {
      const [error, socket] = result;
      if (error === null && socket !== null) watch?.(socket);
      callback(...result);
    });
}

function send(request: UpstreamRequest, { pool, prefix }: Origin): Promise<NodeAnswer> {
  const client: ServedRequest = request.client;
  return new Promise((resolve, reject) => {
    const answer: NodeAnswer = new NodeAnswer(
      { started: () => resolve(answer), failed: reject },
      request,
    );
    const abandon = () => answer.abandon();
    const outgoing = client[BINDINGS]?.outgoing;
    if (outgoing === undefined ? client.signal.aborted : outgoing.destroyed) {
      return reject(new ClientGone());
    }
    // The server's own word for a client that is gone: a signal would have to be made for each request.
    if (outgoing === undefined) client.signal.addEventListener('abort', abandon);
    else outgoing.once('close', abandon);
    pool.dispatch(
      {
        path: prefix + request.path,
        method: request.method,
        headers: request.headers,
        body: request.body as Uint8Array,
        headersTimeout: request.timeouts?.firstByteMs ?? 0,
        bodyTimeout: request.timeouts?.idleMs ?? 0,
      },
      answer,
    );
  });
}
