// An upstream that accepts WebSockets and records them.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** An upstream with WebSockets. */
export interface WebSocketHost {
  readonly port: number;
  /** The upgrade requests, in order. */
  readonly requests: IncomingMessage[];
  /** The events of all WebSockets: `text: x`, `binary: n bytes`, `ping: x`, `pong: x`, `close: code reason`. */
  readonly heard: string[];
  /** The WebSockets that are open. */
  readonly open: ReadonlySet<WebSocket>;
  /** The number of bytes of all messages. */
  readonly received: number;
  close(): Promise<void>;
}

/** Handles an upgrade request in place of accepting it. */
export type OnUpgrade = (socket: Duplex, request: IncomingMessage) => void;

/**
 * Starts an upstream that echoes every message, except commands: `close 4001 reason`, `close`, `die`, `ping x`, `silent`.
 * @param others handlers of upgrade requests, by the last segment of their path
 */
export async function startWebSocketHost(
  others: Record<string, OnUpgrade> = {},
): Promise<WebSocketHost> {
  const requests: IncomingMessage[] = [];
  const heard: string[] = [];
  let received = 0;
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    maxPayload: 1 << 28,
    // Select the last one, because libraries select the first by default.
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
    requests.push(request);
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
        const [command, first, second] = isBinary ? [] : data.toString('utf8', 0, 40).split(' ');
        if (command === 'die') socket.destroy();
        else if (command === 'close' && first === undefined) webSocket.close();
        else if (command === 'close') webSocket.close(Number(first), second);
        else if (command === 'ping') webSocket.ping(first);
        else if (command !== 'silent') webSocket.send(data, { binary: isBinary });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
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
