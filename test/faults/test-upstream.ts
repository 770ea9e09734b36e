// A llama-swap server that answers correctly until a test replaces its behavior.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { modelList } from '../hosts.ts';

/** Handles a connection after its first bytes have arrived. */
export type Behavior = (socket: Socket) => void;

/** An upstream that a test controls. */
export interface TestUpstream {
  readonly name: string;
  readonly port: number;
  /** Replaces the behavior on new connections; null restores the correct one. Closes all connections. */
  setBehavior(behavior: Behavior | null): void;
  /** Closes the port and resets all connections, like a killed process. */
  kill(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
  /** The number of open connections. */
  connections(): number;
  close(): Promise<void>;
}

/** The number of events of a chat. */
const PIECES = 5;
const PAUSE_MS = 10;

/** The events of a chat with this mark. */
export function toPieces(name: string, mark: string): string[] {
  return Array.from(
    { length: PIECES },
    (_, index) => `data: ${JSON.stringify({ name, mark, index })}\n\n`,
  );
}

/** Starts an upstream. */
export async function startTestUpstream(name: string): Promise<TestUpstream> {
  let behavior: Behavior | null = null;
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    answer(name, { request, response }).catch(() => response.destroy());
  });
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (behavior === null) http.emit('connection', socket);
    else socket.once('data', () => behavior?.(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const kill = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    breakAll();
    await closed;
  };
  return {
    name,
    port,
    setBehavior(next) {
      if (next === behavior) return;
      behavior = next;
      breakAll();
    },
    kill,
    restart: () => listen(port),
    connections: () => sockets.size,
    close: async () => {
      if (server.listening) await kill();
    },
  };
}

async function answer(
  name: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const json = { 'content-type': 'application/json' };
  if (request.url === '/v1/models') {
    response.writeHead(200, json).end(JSON.stringify(modelList('m', `only-${name}`)));
  } else if (request.url === '/running') {
    response.writeHead(200, json).end('{"running":[]}');
  } else {
    const { mark } = JSON.parse(Buffer.concat(chunks).toString()) as { mark: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of toPieces(name, mark)) {
      response.write(piece);
      await sleep(PAUSE_MS);
    }
    response.end();
  }
}
