import { NO_TIMEOUTS } from '../../gateway/upstream-timeout.ts';
import type { UpstreamRequest } from '../../gateway/transport.ts';
import type { AnswerHandler, Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { createOpenSocket, type SocketOptions } from './open-socket.ts';
import { writeRequestHead } from './request-head.ts';

/** A request as the client takes it. */
interface ClientRequest extends Omit<UpstreamRequest, 'client'> {
  /** Whether it gets a connection of its own, which carries no other. */
  readonly isAlone?: boolean;
}

/** Sends requests to upstreams in HTTP/1.1, over connections that it keeps for later ones. */
export interface UpstreamClient {
  /**
   * Sends a request, once.
   * @returns the connection that carries it, for as long as the handler has been told neither its end nor an error
   * @throws {TypeError} where the request could not be sent as it is
   */
  send(request: ClientRequest, handler: AnswerHandler): Connection;
}

interface Origin {
  readonly pool: ConnectionPool;
  readonly host: string;
  /** The path that all requests to it begin with. */
  readonly prefix: string;
}

/**
 * Makes a client for Node and Bun. Their own ones keep connections for longer than upstreams do, or for too short, and
 * lose requests on those that an upstream closes in the same moment.
 */
export function createUpstreamClient(options: SocketOptions = {}): UpstreamClient {
  const pools = new Map<string, ConnectionPool>();
  const origins = new Map<string, Origin>();

  function toPool(url: URL): ConnectionPool {
    const known = pools.get(url.origin);
    if (known !== undefined) return known;
    const pool = new ConnectionPool(createOpenSocket(url, options));
    pools.set(url.origin, pool);
    return pool;
  }

  function toOrigin(base: string): Origin {
    const known = origins.get(base);
    if (known !== undefined) return known;
    const url = new URL(base);
    const prefix = url.pathname === '/' ? '' : url.pathname;
    const origin = { pool: toPool(url), host: url.host, prefix };
    origins.set(base, origin);
    return origin;
  }

  return {
    send(request, handler) {
      const { method, headers, body, timeouts = NO_TIMEOUTS, isAlone = false } = request;
      const { pool, host, prefix } = toOrigin(request.base);
      const path = prefix + request.path;
      const length = toLength(body, headers);
      const head = writeRequestHead({ method, path, host, headers, length, keepsAlive: !isAlone });
      const sent = { method, head, body, length: length ?? null, timeouts, handler };
      return isAlone ? pool.sendAlone(sent) : pool.send(sent);
    },
  };
}

/** The length of a body in bytes: null where nobody knows it, undefined where there is no body. */
function toLength(
  body: UpstreamRequest['body'],
  headers: UpstreamRequest['headers'],
): number | null | undefined {
  if (body === null) return undefined;
  if (body instanceof Uint8Array) return body.byteLength;
  const announced = headers['content-length'];
  return announced === undefined ? null : Number(announced);
}
