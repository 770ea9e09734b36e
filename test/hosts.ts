// Upstreams for tests, each on its own port of loopback.

import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** An upstream that listens. */
export interface Host {
  readonly port: number;
  /** The paths of all requests, in order. */
  readonly requests: string[];
  /** Frees the port and breaks every connection. */
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts an upstream with an answer for each path. Other paths get 404. */
export async function startHost(answers: Record<string, Answer>, port = 0): Promise<Host> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const answer = answers[path];
    if (answer !== undefined) return answer(request, response);
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  });
  await listen(server, port);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, requests, close };
}

/** Awaits a resource, and closes it when the test ends. */
export async function whileTesting<T extends { close(): Promise<void> }>(
  opening: Promise<T>,
): Promise<T> {
  const opened = await opening;
  onTestFinished(() => opened.close());
  return opened;
}

/** Answers JSON. */
export const json =
  (value: unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

/** Answers text of a content type. */
export const text =
  (body: string, contentType = 'text/html', status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };

/** Never answers. */
export const hang: Answer = () => {};

/** Sends half an answer, then resets the connection. */
export const breakOff: Answer = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"object":"list","data":[{"id":"half');
  setTimeout(() => request.socket.resetAndDestroy(), 20);
};

/** Sends a model list with so many bytes of white space. */
export const flood =
  (bytes: number): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"object":"list","data":[');
    const chunk = Buffer.alloc(64 * 1024, ' ');
    let sent = 0;
    const send = () => {
      while (sent < bytes && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', send);
      }
      response.end(']}');
    };
    send();
  };

/** A model list as llama-swap sends it. */
export function modelList(...models: string[]) {
  const data = models.map((id) => ({ id, object: 'model', created: 1, owned_by: 'llama-swap' }));
  return { object: 'list', data };
}

/** Starts a llama-swap without loaded models. */
export function startModels(models: string[], port = 0): Promise<Host> {
  const answers = {
    '/v1/models': json(modelList(...models)),
    '/running': json({ running: [] }),
  };
  return startHost(answers, port);
}

/** Starts a server that does not speak HTTP. */
export async function startSsh(): Promise<Pick<Host, 'port' | 'close'>> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
  });
  await listen(server, 0);
  const close = async () => void server.close();
  return { port: (server.address() as AddressInfo).port, close };
}

/** Finds a port at which no server listens. */
export async function findDeadPort(): Promise<number> {
  // Below the ephemeral ports, so that no other process gets it by chance.
  const port = randomInt(20_000, 30_000);
  const server = createTcpServer();
  try {
    await listen(server, port);
  } catch {
    return findDeadPort();
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
