// A llama-swap host that answers as it should, until it is told to do otherwise to whatever is asked of it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { modelList } from '../hosts.ts';

/** What a host does with a connection, once something has arrived on it. */
export type Mood = (socket: Socket) => void;

/** A host under a test's control. */
export interface MoodyHost {
  readonly name: string;
  readonly port: number;
  /** Acts so from now on, on new connections alone; null is as it should. */
  turn(mood: Mood | null): void;
  /** Ends as a process does that is killed: its port is free, and its connections are broken. */
  die(): Promise<void>;
  /** Listens again where it did. */
  rise(): Promise<void>;
  /** How many connections to it are open. */
  connections(): number;
  close(): Promise<void>;
}

/** How many pieces its answer to a chat comes in. */
const PIECES = 5;
const PAUSE_MS = 10;

/** What it streams to a chat that carries this mark, piece by piece. */
export function toPieces(name: string, mark: string): string[] {
  return Array.from(
    { length: PIECES },
    (_, index) => `data: ${JSON.stringify({ name, mark, index })}\n\n`,
  );
}

/** Starts one. */
export async function startMoodyHost(name: string): Promise<MoodyHost> {
  let mood: Mood | null = null;
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    answer(name, { request, response }).catch(() => response.destroy());
  });
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (mood === null) http.emit('connection', socket);
    else socket.once('data', () => mood?.(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const die = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    breakAll();
    await closed;
  };
  return {
    name,
    port,
    turn(next) {
      if (next === mood) return;
      mood = next;
      breakAll();
    },
    die,
    rise: () => listen(port),
    connections: () => sockets.size,
    close: async () => {
      if (server.listening) await die();
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
