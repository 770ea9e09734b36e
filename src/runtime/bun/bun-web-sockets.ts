import { BunWebSocket } from './bun-web-socket.ts';
import type { Refuse } from '../refuse.ts';
import type { UpgradedResponse } from '../upgraded-response.ts';
import { PING, PONG } from '../web-socket-frames.ts';

/** Upgrade headers that Bun's server writes itself. */
const OWN_HEADERS = ['sec-websocket-accept', 'sec-websocket-extensions'];

interface Accepting {
  readonly server: Bun.Server<BunWebSocket>;
  readonly request: Request;
  readonly response: UpgradedResponse;
}

/** Creates the WebSockets of a Bun server, which passes on only whole messages, of `maxBytes` at most. */
export function createBunWebSockets({ maxBytes, refuse }: { maxBytes: number; refuse: Refuse }) {
  const open = new Set<BunWebSocket>();
  let isStopping = false;
  const handler: Bun.WebSocketHandler<BunWebSocket> = {
    maxPayloadLength: maxBytes,
    // Unread data is limited by not reading from the client's upstream.
    backpressureLimit: 0,
    // A WebSocket may be idle for any time.
    idleTimeout: 0,
    sendPings: false,
    open(client) {
      open.add(client.data);
      client.data.open(client);
      if (isStopping) client.data.stop();
    },
    message: (client, message) => client.data.receive(message),
    ping: (client, payload) => client.data.send(PING, payload),
    pong: (client, payload) => client.data.send(PONG, payload),
    drain: (client) => client.data.drain(),
    close(...[client, code, reason]) {
      open.delete(client.data);
      client.data.close(code, reason);
    },
    error(cause, client) {
      refuse(cause);
      client.terminate();
    },
  };
  return {
    handler,
    /** Joins the client of a request with the upstream that has accepted its WebSocket. */
    accept({ server, request, response }: Accepting): Response | undefined {
      const webSocket = new BunWebSocket(response, { maxBytes });
      const headers = new Headers(response.headers);
      for (const name of OWN_HEADERS) headers.delete(name);
      // Without this header Bun would choose the client's first protocol.
      if (!headers.has('sec-websocket-protocol')) headers.set('sec-websocket-protocol', '');
      if (server.upgrade(request, { headers, data: webSocket })) return undefined;
      // The client has disconnected meanwhile.
      webSocket.abandon();
      return new Response(null, { status: 400 });
    },
    /** Ends all WebSockets, and those opened later at once. */
    stop(): void {
      isStopping = true;
      for (const webSocket of open) webSocket.stop();
    },
  };
}
