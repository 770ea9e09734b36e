import { NO_TIMEOUTS, type UpstreamRequest } from '../../gateway/transport.ts';
import type { AnswerHandler } from './answer-reader.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createOpenSocket, type SocketOptions } from './open-socket.ts';
import { writeRequestHead } from './request-head.ts';

/** A request as `UpstreamClient.send` accepts it. */
export interface ClientRequest extends Omit<UpstreamRequest, 'client'> {
  /** Whether the request gets a dedicated connection, which carries no other request. */
  readonly isDedicated?: boolean;
}

/** Sends requests to upstreams over HTTP/1.1 and keeps connections for later requests. */
export interface UpstreamClient {
  /** Sends a request once, on a connection that is valid until `onEnd` or `onError`. Throws `TypeError`. */
  send(request: ClientRequest, handler: AnswerHandler): Connection;
}

interface Origin {
  readonly pool: ConnectionPool;
  readonly host: string;
  /** The path prefix of all requests to the origin. */
  readonly prefix: string;
}

/**
 * Creates a client for Node and Bun. The runtimes' own clients keep connections longer than upstreams do, or not long
 * enough, and lose requests on connections that an upstream closes at the same moment.
 */
export function createUpstreamClient(options: SocketOptions = {}): UpstreamClient {
  const pools = new Map<string, ConnectionPool>();
  const origins = new Map<string, Origin>();

  function toOrigin(base: string): Origin {
    const known = origins.get(base);
    if (known !== undefined) return known;
    const url = new URL(base);
    const pool = pools.get(url.origin) ?? new ConnectionPool(createOpenSocket(url, options));
    pools.set(url.origin, pool);
    const prefix = url.pathname === '/' ? '' : url.pathname;
    const origin = { pool, host: url.host, prefix };
    origins.set(base, origin);
    return origin;
  }

  return {
    send(request, handler) {
      const { method, headers, body, timeouts = NO_TIMEOUTS } = request;
      const isUpgrade = 'upgrade' in headers;
      const isDedicated = isUpgrade || request.isDedicated === true;
      const { pool, host, prefix } = toOrigin(request.base);
      const path = prefix + request.path;
      const length = toLength(body, headers);
      const head = writeRequestHead({
        method,
        path,
        host,
        headers,
        length,
        keepsAlive: !isDedicated,
      });
      const sent = { method, isUpgrade, head, body, length: length ?? null, timeouts, handler };
      return pool.send(sent, { isDedicated });
    },
  };
}

/** Returns the length of a body in bytes: null if it is unknown, undefined if there is no body. */
function toLength(
  body: UpstreamRequest['body'],
  headers: UpstreamRequest['headers'],
): number | null | undefined {
  if (body === null) return undefined;
  if (body instanceof Uint8Array) return body.byteLength;
  const announced = headers['content-length'];
  return announced === undefined ? null : Number(announced);
}
