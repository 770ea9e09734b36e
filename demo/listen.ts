import { serve } from '@hono/node-server';
import type { HttpBindings, ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';

/** The address to listen on. Without a port, any free port is used. */
export interface ListenOptions {
  port?: number;
  hostname?: '127.0.0.1';
}

/** An open port. */
export interface Listener {
  /** The origin, without a trailing slash. */
  url: string;
  port: number;
  /** Closes every open connection at once and frees the port for reuse. */
  close(): Promise<void>;
}

/** Binds a fetch handler to a loopback port. Rejects if the port is in use. */
export function listen(
  fetch: (request: Request) => Promise<Response>,
  { port = 0, hostname = '127.0.0.1' }: ListenOptions = {},
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: async (request, env) =>
          destroyOnFailure(await fetch(request), (env as HttpBindings).outgoing),
        port,
        hostname,
        overrideGlobalObjects: false,
      },
      (info: AddressInfo) => {
        const url = `http://${hostname}:${info.port}`;
        resolve({ url, port: info.port, close: () => close(server) });
      },
    );
    server.once('error', reject);
  });
}

function close(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

/** Aborts the connection when a body fails midway, so that the client sees a failure instead of a normal end. */
function destroyOnFailure(response: Response, outgoing: ServerResponse): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        outgoing.destroy();
        controller.close();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}
