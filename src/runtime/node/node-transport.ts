import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import { ClientGone } from '../../gateway/client-gone.ts';
import type { HeaderRecord } from '../../gateway/headers.ts';
import { webInbound, type Inbound } from '../../gateway/inbound.ts';
import type { Transport, UpstreamRequest } from '../../gateway/transport.ts';
import { createUpstreamClient, type UpstreamClient } from '../http-client/upstream-client.ts';
import { PipedResponse } from './piped-response.ts';
import { readIncoming } from './read-incoming.ts';
import { RelayedAnswer } from '../relayed-answer.ts';
import { createTunnels, type Tunnels } from './tunnels.ts';
import { UpgradedResponse } from '../upgraded-response.ts';
import { BINDINGS, type ServedRequest } from './served-request.ts';

/** How requests are read and sent, and how a server must serve them. */
export interface NodeTransport {
  readonly inbound: Inbound;
  readonly transport: Transport;
  /** The relayed WebSockets. */
  readonly tunnels: Pick<Tunnels, 'stop' | 'destroy'>;
  /** Wraps an app so that its responses flow directly into the sockets of a Node server. */
  serve(
    fetch: (request: Request) => Response | Promise<Response>,
  ): (request: Request, bindings: HttpBindings) => Promise<Response>;
}

/** Creates Node's faster transport. It avoids web streams and headers, which cost the most. */
export function createNodeTransport(
  upstreams: UpstreamClient = createUpstreamClient(),
): NodeTransport {
  const tunnels = createTunnels();
  return {
    tunnels,
    inbound: {
      readHeaders: (client) => {
        const headers = (client as ServedRequest)[BINDINGS]?.incoming.headers;
        // Only `set-cookie` would be an array, and requests do not have it.
        return headers === undefined
          ? webInbound.readHeaders(client)
          : (headers as Record<string, string>);
      },
      readBytes: (client, limits) => {
        const incoming = (client as ServedRequest)[BINDINGS]?.incoming;
        const isUnread = incoming !== undefined && !incoming.readableDidRead;
        return isUnread ? readIncoming(incoming, limits) : webInbound.readBytes(client, limits);
      },
    },
    transport: { send: (request) => send(request, upstreams) },
    serve: (fetch) => async (request, bindings) => {
      (request as ServedRequest)[BINDINGS] = bindings;
      const response = await fetch(request);
      if (response instanceof UpgradedResponse) {
        // This server supports only HTTP/1.
        tunnels.open(response, bindings.outgoing as ServerResponse);
        return RESPONSE_ALREADY_SENT;
      }
      if (!(response instanceof PipedResponse)) return response;
      response.sendTo(bindings.outgoing);
      return RESPONSE_ALREADY_SENT;
    },
  };
}

function send(request: UpstreamRequest, upstreams: UpstreamClient): Promise<RelayedAnswer> {
  const client: ServedRequest = request.client;
  return new Promise((resolve, reject) => {
    const answer: RelayedAnswer = new RelayedAnswer(
      { started: () => resolve(answer), failed: reject, respond: toPiped },
      request,
    );
    const abandon = () => answer.abandon();
    const outgoing = client[BINDINGS]?.outgoing;
    if (outgoing === undefined ? client.signal.aborted : outgoing.destroyed) {
      return reject(new ClientGone());
    }
    // Use the server's `close` event to notice a client that is gone: a signal would have to be created for each
    // request.
    if (outgoing === undefined) client.signal.addEventListener('abort', abandon);
    else outgoing.once('close', abandon);
    answer.comeFrom(upstreams.send(request, answer));
  });
}

function toPiped(answer: RelayedAnswer, headers: HeaderRecord): PipedResponse {
  return new PipedResponse(answer, headers);
}
