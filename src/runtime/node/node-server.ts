import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { PaddockError } from '../../errors.ts';
import { dropIncoming } from '../drop-body.ts';
import { acceptUpgrade } from './accept-upgrade.ts';
import { closeWithConnection } from './queued-answers.ts';
import type { Refuse } from '../refuse.ts';
import { refuseSocket } from './refuse-socket.ts';
import { KEEP_ALIVE_MS } from '../watch-sockets.ts';

/** How large the head of a request may be, in bytes: a URL of the most that is taken, and four times that in headers. */
const MAX_HEAD_BYTES = 40 * 1024;

/** How long a client may take to send it, in milliseconds. */
const HEAD_MS = 60_000;

/**
 * How long any request may take to arrive, in milliseconds. Who reads a body limits its time much closer, and knows
 * what it waits for: this is for bodies that nobody reads.
 */
const REQUEST_MS = 3_600_000;

const UNFIT_MESSAGE =
  'The URL or the Host header is not valid: send a Host, and a path that begins with a slash and holds no backslash.';

const CONNECT_MESSAGE = 'CONNECT is for proxies, which this is not: send GET, POST, PUT or DELETE.';

/** The answer that a connection waits for, or had last. */
const ANSWER = Symbol('answer');
type Connection = Duplex & { [ANSWER]?: ServerResponse };

type Upgrading = [incoming: IncomingMessage, connection: Connection, head: Buffer];

type Handle = (request: Request, bindings: HttpBindings) => Response | Promise<Response>;

/** Makes Node's server, which refuses in Paddock's own words whatever it takes for no request. */
export function createNodeServer(
  handle: Handle,
  { refuse, headMs = HEAD_MS }: { refuse: Refuse; headMs?: number },
): Server {
  // The listener tells of a failure and not of its request, which is this one where it cannot be made one of the web's.
  let latest: IncomingMessage | null = null;
  const listener = getRequestListener(
    // This server speaks HTTP/1 alone.
    (request, bindings) => handle(request, bindings as HttpBindings),
    {
      // It would give clients half a second to send the rest of a body that is not read.
      autoCleanupIncoming: false,
      errorHandler(cause) {
        const isRequests = cause instanceof Error && cause.name === 'RequestError';
        const { body, ...head } = isRequests
          ? refuse(new PaddockError('invalid_request', UNFIT_MESSAGE), toSeen(latest))
          : refuse(cause);
        return new Response(body, head);
      },
    },
  );
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    latest = incoming;
    void listener(incoming, outgoing);
  };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: headMs,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: headMs / 4,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      // The listener says what is missing.
      requireHostHeader: false,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      (incoming.socket as Connection)[ANSWER] = outgoing;
      closeWithConnection(outgoing, incoming.socket);
      outgoing.once('finish', () => {
        if (!incoming.complete) dropIncoming(incoming, outgoing.statusCode);
      });
      answer(incoming, outgoing);
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Connection) => {
    const hasBegun = socket[ANSWER]?.headersSent === true && !socket[ANSWER].writableFinished;
    // Nobody is there, or in the middle of an answer, where a second one would be a part of it.
    if (error.code === 'ECONNRESET' || hasBegun) socket.destroy();
    else refuseSocket(socket, () => refuse(toClientError(error.code)));
  });
  // What a client expects beyond "100-continue" it may well go without.
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  server.on('upgrade', (...[incoming, connection, head]: Upgrading) => {
    // Sent before an earlier request was answered, which no client does that waits for the new protocol.
    if (connection[ANSWER]?.writableFinished === false) return void connection.destroy();
    // This server's connections are TCP's.
    acceptUpgrade({ incoming, socket: connection as Socket, head }, { server, answer });
  });
  server.on('connect', (incoming, socket) => {
    refuseSocket(socket, () =>
      refuse(new PaddockError('invalid_request', CONNECT_MESSAGE), toSeen(incoming)),
    );
  });
  return server;
}

/** What is said of a connection whose bytes are no request. */
function toClientError(code: string | undefined): PaddockError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `The URL and the headers are larger than ${MAX_HEAD_BYTES} bytes together: send fewer or shorter ones.`;
    return new PaddockError('headers_too_large', message);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message =
      'The request took too long to arrive: send it faster, or open a connection when it is to be sent.';
    return new PaddockError('request_timeout', message);
  }
  return new PaddockError('invalid_request', 'This is no HTTP/1.1 request: send one.');
}

/** What is told of a request that is refused. What does not begin as a path may hold anything, a password too. */
function toSeen(incoming: IncomingMessage | null): Parameters<Refuse>[1] {
  const path = /^\/[^?#]*/u.exec(incoming?.url ?? '')?.[0] ?? null;
  return { method: incoming?.method ?? null, path };
}
