import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { webInbound, type Inbound } from '../../gateway/inbound.ts';
import { createTransport } from '../open-upstreams.ts';
import type { FetchHandler } from '../open-app.ts';
import { createUpstreamClient, type UpstreamClient } from '../http-client/upstream-client.ts';
import { PipedResponse } from './piped-response.ts';
import { readIncoming } from './read-incoming.ts';
import { createTunnels } from './tunnel.ts';
import { UpgradedResponse } from '../upgraded-response.ts';

/** The property of a request with the server's objects for it. A map, weak or not, would cost each request. */
export const BINDINGS = Symbol('bindings');

/** A request that arrived through a Node server. */
export type ServedRequest = Request & { [BINDINGS]?: HttpBindings };

/** Reads clients' requests from Node's own objects. */
const nodeInbound: Inbound = {
  readHeaders: (client: ServedRequest) => {
    const headers = client[BINDINGS]?.incoming.headers;
    // Only `set-cookie` would be an array, and requests do not have it.
    return headers === undefined
      ? webInbound.readHeaders(client)
      : (headers as Record<string, string>);
  },
  readBytes: (client: ServedRequest, limits) => {
    const incoming = client[BINDINGS]?.incoming;
    const isUnread = incoming !== undefined && !incoming.readableDidRead;
    return isUnread ? readIncoming(incoming, limits) : webInbound.readBytes(client, limits);
  },
};

/** Creates Node's faster transport. It avoids web streams and headers, which cost the most. */
export function createNodeTransport(upstreams: UpstreamClient = createUpstreamClient()) {
  const tunnels = createTunnels();
  return {
    tunnels,
    inbound: nodeInbound,
    transport: {
      ...createTransport(upstreams, {
        respond: (answer, headers) => new PipedResponse(answer, headers),
        watchClient,
      }),
      webSockets: { extensions: true },
    },
    /** Wraps an app so that its responses flow directly into the sockets of a Node server. */
    serve: (fetch: FetchHandler) => async (request: ServedRequest, bindings: HttpBindings) => {
      request[BINDINGS] = bindings;
      const response = await fetch(request);
      if (response instanceof UpgradedResponse) tunnels.open(response, bindings.outgoing);
      else if (response instanceof PipedResponse) response.sendTo(bindings.outgoing);
      else return response;
      return RESPONSE_ALREADY_SENT;
    },
  };
}

function watchClient(client: ServedRequest, leave: () => void): boolean {
  const outgoing = client[BINDINGS]?.outgoing;
  if (outgoing === undefined) {
    client.signal.addEventListener('abort', leave);
    return !client.signal.aborted;
  }
  // The server's `close` event shows that the client is gone: a signal would have to be created for each request.
  outgoing.once('close', leave);
  return !outgoing.destroyed;
}
