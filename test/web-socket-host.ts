// An upstream that takes WebSockets, and writes down what it saw of them.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** An upstream with WebSockets. */
export interface WebSocketHost {
  readonly port: number;
  /** The requests for a WebSocket, as they arrived. */
  readonly asked: IncomingMessage[];
  /** What was heard of each WebSocket: `text: x`, `binary: n bytes`, `ping: x`, `pong: x`, `close: code reason`. */
  readonly heard: string[];
  /** The WebSockets that are open. */
  readonly open: ReadonlySet<WebSocket>;
  /** How many bytes of messages came. */
  readonly received: number;
  close(): Promise<void>;
}

/** Does something else with a request for a WebSocket than to accept it. */
export type OnUpgrade = (socket: Duplex, request: IncomingMessage) => void;

/**
 * Starts one. It repeats every message, unless that says what to do: `close 4001 why`, `close`, `die`, `ping x`, `silent`.
 * @param others what happens to requests whose path ends so
 */
export async function startWebSocketHost(
  others: Record<string, OnUpgrade> = {},
): Promise<WebSocketHost> {
  const asked: IncomingMessage[] = [];
  const heard: string[] = [];
  let received = 0;
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    maxPayload: 1 << 28,
    // The last one, and so no library's default.
    handleProtocols: (protocols) => [...protocols].find((name) => name.startsWith('last')) ?? false,
  });
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'text/plain');
    response.end(`${request.method} ${request.headers.upgrade ?? 'without upgrade'}`);
  });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    asked.push(request);
    socket.on('error', () => {});
    const other = others[/[^/]*$/u.exec(request.url ?? '')?.[0] ?? ''];
    if (other !== undefined) return other(socket, request);
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('ping', (data) => heard.push(`ping: ${String(data)}`));
      webSocket.on('pong', (data) => heard.push(`pong: ${String(data)}`));
      webSocket.on('close', (code, reason) => heard.push(`close: ${code} ${String(reason)}`));
      webSocket.on('error', () => {});
      webSocket.on('message', (data: Buffer, isBinary) => {
        received += data.length;
        heard.push(
          isBinary ? `binary: ${data.length} bytes` : `text: ${data.toString('utf8', 0, 40)}`,
        );
        const [what, first, second] = isBinary ? [] : data.toString('utf8', 0, 40).split(' ');
        if (what === 'die') socket.destroy();
        else if (what === 'close' && first === undefined) webSocket.close();
        else if (what === 'close') webSocket.close(Number(first), second);
        else if (what === 'ping') webSocket.ping(first);
        else if (what !== 'silent') webSocket.send(data, { binary: isBinary });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    heard,
    open: webSockets.clients,
    get received() {
      return received;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
