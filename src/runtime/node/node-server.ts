import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { PaddockError } from '../../errors.ts';
import { dropIncoming } from '../drop-body.ts';
import { acceptUpgrade } from './accept-upgrade.ts';
import { closeWithConnection } from './queued-answers.ts';
import type { Refusal, Refuse } from '../refuse.ts';
import { KEEP_ALIVE_MS } from '../watch-sockets.ts';

/** The maximum size of a request head, in bytes: a URL of the maximum length, and four times that in headers. */
const MAX_HEAD_BYTES = 40 * 1024;

/** How long a client may take to send the head, in milliseconds. */
const HEAD_MS = 60_000;

/** How long a request may take to arrive, in milliseconds. Reading a body has a much shorter limit. */
const REQUEST_MS = 3_600_000;

/** How long a refused client may take to read the response, in milliseconds. */
const REFUSED_MS = 1000;

const UNFIT_MESSAGE =
  'The URL or the Host header is not valid: send a Host header, and a path that begins with a slash and contains no backslash.';

const CONNECT_MESSAGE =
  'CONNECT is not supported, because Paddock is not a forward proxy: send GET, POST, PUT or DELETE.';

/** The property of a connection that holds its current or last response. */
const ANSWER = Symbol('answer');
type Connection = Duplex & { [ANSWER]?: ServerResponse };

type Upgrading = [incoming: IncomingMessage, connection: Connection, head: Buffer];

type Handle = (request: Request, bindings: HttpBindings) => Response | Promise<Response>;

/** Creates Node's server. It refuses invalid requests with Paddock's own errors. */
export function createNodeServer(
  handle: Handle,
  { refuse, headMs = HEAD_MS }: { refuse: Refuse; headMs?: number },
): Server {
  // The listener reports a failure without its request. This is the request if it cannot be converted to a web
  // `Request`.
  let latest: IncomingMessage | null = null;
  const listener = getRequestListener(
    // This server supports only HTTP/1.
    (request, bindings) => handle(request, bindings as HttpBindings),
    {
      // The automatic cleanup gives clients only half a second to send the rest of an unread body.
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
      // The listener reports a missing Host header.
      requireHostHeader: false,
    },
    (incoming: IncomingMessage, outgoing: ServerResponse) => {
      (incoming.socket as Connection)[ANSWER] = outgoing;
      closeWithConnection(outgoing, incoming.socket);
      outgoing.once('finish', () => {
        if (!incoming.complete) void dropIncoming(incoming, outgoing.statusCode);
      });
      answer(incoming, outgoing);
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Connection) => {
    const hasBegun = socket[ANSWER]?.headersSent === true && !socket[ANSWER].writableFinished;
    // The client is gone, or a response has begun: a second one would become part of it.
    if (error.code === 'ECONNRESET' || hasBegun) socket.destroy();
    else refuseSocket(socket, () => refuse(toClientError(error.code)));
  });
  // Ignore expectations other than "100-continue".
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  server.on('upgrade', (...[incoming, connection, head]: Upgrading) => {
    // The client sent the upgrade before an earlier response ended. A client that waits for the new protocol does not
    // do that.
    if (connection[ANSWER]?.writableFinished === false) return void connection.destroy();
    // All connections of this server are TCP sockets.
    acceptUpgrade({ incoming, socket: connection as Socket, head, server }, answer);
  });
  server.on('connect', (incoming, socket) => {
    refuseSocket(socket, () =>
      refuse(new PaddockError('invalid_request', CONNECT_MESSAGE), toSeen(incoming)),
    );
  });
  return server;
}

function toClientError(code: string | undefined): PaddockError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `The URL and the headers are larger than ${MAX_HEAD_BYTES} bytes together: send fewer or shorter headers.`;
    return new PaddockError('headers_too_large', message);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message =
      'The request took too long to arrive: send it faster, or open the connection later.';
    return new PaddockError('request_timeout', message);
  }
  return new PaddockError('invalid_request', 'The data is not an HTTP/1.1 request.');
}

/** Returns the method and path of a refused request. Any other URL is left out: it may contain a password. */
function toSeen(incoming: IncomingMessage | null): Parameters<Refuse>[1] {
  const path = /^\/[^?#]*/u.exec(incoming?.url ?? '')?.[0] ?? null;
  return { method: incoming?.method ?? null, path };
}

/** Answers a request that cannot be routed, and closes, after a moment: a reset would overtake the answer. */
function refuseSocket(socket: Duplex, refuse: () => Refusal): void {
  // A parser that has failed fails again with every further piece of data.
  if (!socket.writable) return;
  const { status, headers, body } = refuse();
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), REFUSED_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.resume();
}
